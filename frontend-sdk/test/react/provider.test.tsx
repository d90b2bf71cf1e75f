import { act, cleanup, render, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { StrictMode, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BroadcastError } from '../../src/core/errors.js'
import type { Outgoing, OutgoingStatus } from '../../src/core/outbox-types.js'
import type { ClientOptions } from '../../src/core/types.js'
import { BroadcastSocketProvider, useBroadcastSocket, useSubscription } from '../../src/react/index.js'
import { FakeClient } from './fake-client.js'
import { under } from './under.js'

vi.mock('../../src/index.js', () => ({ createClient: (options: ClientOptions) => new FakeClient(options) }))

const { made } = FakeClient
const open = { status: 'open', clientId: 'c', resumed: false, node: 'n', since: 0 } as const

function outgoing(status: OutgoingStatus): Outgoing {
  return { messageId: status, channel: 'news', data: 1, status, attempts: 0, queuedAt: 0, expiresAt: 300_000 }
}

function News(): ReactNode {
  useSubscription('news')
  return null
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  made.length = 0
})

afterEach(async () => {
  cleanup()
  await vi.runAllTimersAsync()
  vi.useRealTimers()
})

describe('a provider with a URL', () => {
  it('makes one client under StrictMode, and closes it a second after its end', async () => {
    const page = render(
      <StrictMode>
        <BroadcastSocketProvider url="ws://a">
          <News />
        </BroadcastSocketProvider>
      </StrictMode>,
    )
    expect(made).toHaveLength(1)
    expect(made[0]?.active).toHaveLength(1)
    page.unmount()
    await vi.advanceTimersByTimeAsync(999)
    expect(made[0]?.closed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(made[0]?.closed).toBe(true)
    expect(made[0]?.listeners).toBe(0)
  })

  it('keeps its client over a remount, and makes another one after a longer pause', async () => {
    const page = (
      <BroadcastSocketProvider url="ws://a">
        <News />
      </BroadcastSocketProvider>
    )
    render(page).unmount()
    await vi.advanceTimersByTimeAsync(999)
    const second = render(page)
    await vi.advanceTimersByTimeAsync(5000)
    expect(made.map(({ closed }) => closed)).toEqual([false])
    second.unmount()
    await vi.advanceTimersByTimeAsync(1000)
    render(page)
    expect(made.map(({ closed }) => closed)).toEqual([true, false])
  })

  it('keeps its client for messages that wait, until they are sent or have failed', async () => {
    const page = (
      <BroadcastSocketProvider url="ws://a">
        <News />
      </BroadcastSocketProvider>
    )
    render(page).unmount()
    made[0]?.wait(outgoing('queued'), outgoing('sent'))
    await vi.advanceTimersByTimeAsync(60_000)
    render(page).unmount()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(made.map(({ closed }) => closed)).toEqual([false])
    made[0]?.wait(outgoing('failed'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(made.map(({ closed, listeners }) => [closed, listeners])).toEqual([[true, 0]])
  })

  it('does not keep its client for messages that wait beside one of another identity', async () => {
    const page = (identity: string): ReactNode => (
      <BroadcastSocketProvider url="ws://a" identity={identity}>
        <News />
      </BroadcastSocketProvider>
    )
    const { unmount } = render(page('ann'))
    made[0]?.wait(outgoing('queued'))
    unmount()
    await vi.advanceTimersByTimeAsync(60_000)
    render(page('bob'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(made.map(({ closed }) => closed)).toEqual([true, false])
  })

  it('leaks nothing over 200 mounts', async () => {
    for (let cycle = 0; cycle < 200; cycle++) {
      render(
        <StrictMode>
          <BroadcastSocketProvider url="ws://a">
            <News />
          </BroadcastSocketProvider>
        </StrictMode>,
      ).unmount()
    }
    expect(made).toHaveLength(1)
    expect(made[0]?.active).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(made[0]?.closed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is another client for another URL or identity, and closes the one before', async () => {
    const page = (url: string, identity: string): ReactNode => (
      <BroadcastSocketProvider url={url} identity={identity}>
        <News />
      </BroadcastSocketProvider>
    )
    const { rerender } = render(page('ws://a', 'ann'))
    rerender(page('ws://a', 'bob'))
    rerender(page('ws://b', 'bob'))
    expect(made.map(({ options }) => [options?.url, options?.identity])).toEqual([
      ['ws://a', 'ann'],
      ['ws://a', 'bob'],
      ['ws://b', 'bob'],
    ])
    expect(made.map(({ active }) => active.length)).toEqual([0, 0, 1])
    await vi.advanceTimersByTimeAsync(1000)
    expect(made.map(({ closed }) => closed)).toEqual([true, true, false])
  })

  it('keeps its client when only callbacks are others, and calls those of the last render', async () => {
    const page = (name: string, told: string[]): ReactNode => (
      <BroadcastSocketProvider url="ws://a" auth={() => name} onError={({ code }) => told.push(`${name} ${code}`)}>
        <News />
      </BroadcastSocketProvider>
    )
    const told: string[] = []
    const { rerender } = render(page('first', told))
    rerender(page('second', told))
    expect(made).toHaveLength(1)
    expect(await made[0]?.options?.auth?.callback()).toBe('second')
    made[0]?.options?.onError?.(new BroadcastError('handler-threw', ''))
    expect(told).toEqual(['second handler-threw'])
  })

  it('shares its client with another one of the same URL and identity', async () => {
    const page = (second: boolean): ReactNode => (
      <>
        <BroadcastSocketProvider url="ws://a">
          <News />
        </BroadcastSocketProvider>
        {second && (
          <BroadcastSocketProvider url="ws://a">
            <News />
          </BroadcastSocketProvider>
        )}
      </>
    )
    const { rerender } = render(page(true))
    expect(made).toHaveLength(1)
    rerender(page(false))
    await vi.advanceTimersByTimeAsync(5000)
    expect(made[0]?.closed).toBe(false)
  })

  it('tells each that shares a client what went wrong, by its onError or on the console, for as long as it is there', () => {
    const told: string[] = []
    const tell = (name: string) => (): unknown => told.push(name)
    const [first, second, both] = [tell('first'), tell('second'), tell('both')]
    const log = vi.spyOn(console, 'error').mockImplementation(tell('console'))
    const page = (...all: readonly ((() => unknown) | undefined)[]): ReactNode =>
      all.map((onError, index) => (
        <BroadcastSocketProvider key={index} url="ws://a" {...(onError && { onError })}>
          <News />
        </BroadcastSocketProvider>
      ))
    const { rerender } = render(null)
    const tells = (...all: readonly ((() => unknown) | undefined)[]): string[] => {
      rerender(page(...all))
      told.length = 0
      made[0]?.options?.onError?.(new BroadcastError('handler-threw', ''))
      return told
    }
    expect(tells(undefined, second)).toEqual(['console', 'second'])
    expect(tells(first, undefined)).toEqual(['first', 'console'])
    expect(tells(both, both)).toEqual(['both'])
    expect(tells(both, second)).toEqual(['both', 'second'])
    expect(tells(both)).toEqual(['both'])
    expect(tells()).toEqual(['both'])
    expect(tells(undefined)).toEqual(['console'])
    expect(made).toHaveLength(1)
    log.mockRestore()
  })

  it('is another client with auth than without', () => {
    render(
      <>
        <BroadcastSocketProvider url="ws://a">
          <News />
        </BroadcastSocketProvider>
        <BroadcastSocketProvider url="ws://a" auth={() => 'first'}>
          <News />
        </BroadcastSocketProvider>
        <BroadcastSocketProvider url="ws://a" auth={() => 'second'}>
          <News />
        </BroadcastSocketProvider>
      </>,
    )
    expect(made.map(({ options }) => options?.auth?.callback())).toEqual([undefined, 'second'])
  })

  it('uses the inner one of two', () => {
    const seen: unknown[] = []
    function Look(): ReactNode {
      const { client } = useBroadcastSocket()
      useEffect(() => void seen.push(client))
      return null
    }
    const [one, two] = [new FakeClient(), new FakeClient()]
    render(
      <BroadcastSocketProvider client={one}>
        <BroadcastSocketProvider client={two}>
          <Look />
        </BroadcastSocketProvider>
      </BroadcastSocketProvider>,
    )
    expect(seen).toEqual([two])
  })
})

describe('a provider with a client', () => {
  it('leaves it to its owner', async () => {
    const client = new FakeClient()
    const { unmount } = renderHook(() => useSubscription('news'), { wrapper: under(client) })
    unmount()
    await vi.advanceTimersByTimeAsync(5000)
    expect(client.closed).toBe(false)
    expect(client.connects).toBe(0)
  })
})

describe('useBroadcastSocket', () => {
  it('needs no provider with a URL, connects, and is shared', async () => {
    const { unmount } = renderHook(() => [useBroadcastSocket('ws://a'), useBroadcastSocket('ws://a')], {
      wrapper: StrictMode,
    })
    expect(made).toHaveLength(1)
    expect(made[0]?.connects).toBeGreaterThan(0)
    unmount()
    await vi.advanceTimersByTimeAsync(1000)
    expect(made[0]?.closed).toBe(true)
  })

  it('tells the state, with functions that stay', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useBroadcastSocket(), { wrapper: under(client) })
    const before = result.current
    expect(before).toMatchObject({ state: { status: 'idle' }, isConnected: false })
    await act(async () => client.become(open))
    expect(result.current).toMatchObject({ state: open, isConnected: true })
    expect(result.current.broadcast).toBe(before.broadcast)
    expect(result.current.client).toBe(before.client)
    await result.current.broadcast('news', 1)
    result.current.connect()
    expect(client).toMatchObject({ broadcasts: [{ channel: 'news', data: 1 }], connects: 1 })
  })

  it('gives other hooks a client without a provider', async () => {
    const { result } = renderHook(() => {
      const { client } = useBroadcastSocket('ws://a')
      return useSubscription('news', { client })
    })
    expect(made).toHaveLength(1)
    await act(async () => void made[0]?.push('news', 1))
    expect(result.current.messages).toHaveLength(1)
  })

  it('says closed after its client was closed, and begins again when it is mounted anew', async () => {
    const first = renderHook(() => useBroadcastSocket('ws://a'))
    await act(async () => first.result.current.client.close())
    expect(first.result.current.state).toEqual({ status: 'closed' })
    const second = renderHook(() => useBroadcastSocket('ws://a'))
    expect(second.result.current.state).toEqual({ status: 'idle' })
    expect(made).toHaveLength(2)
  })
})
