import { act, render, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BroadcastError } from '../../src/core/errors.js'
import type { Outgoing } from '../../src/core/outbox-types.js'
import type { Message } from '../../src/core/types.js'
import { presence } from '../../src/index.js'
import {
  BroadcastSocketProvider,
  useBroadcast,
  useHistory,
  useLostConnection,
  useOutbox,
  usePresence,
  useStats,
  useSubscription,
} from '../../src/react/index.js'
import { at, FakeClient } from './fake-client.js'
import { under } from './under.js'

const error = new BroadcastError('connection-lost', 'lost')
const open = { status: 'open', clientId: 'c', resumed: false, node: 'n', since: 0 } as const
const waiting = { status: 'waiting', attempt: 1, retryAt: 0, error } as const

function message(channel: string, offset: number): Message {
  return { channel, data: offset, messageId: `m${offset}`, offset, epoch: 'e', timestamp: 0 }
}

function outgoing(messageId: string, channel: string): Outgoing {
  return { messageId, channel, data: 1, status: 'queued', attempts: 0, queuedAt: 0, expiresAt: 1 }
}

describe('useBroadcast', () => {
  it('is the same function in each render', async () => {
    const client = new FakeClient()
    const { result, rerender } = renderHook(() => useBroadcast(), { wrapper: under(client) })
    const first = result.current
    rerender()
    expect(result.current).toBe(first)
    await expect(first('news', { n: 1 })).resolves.toMatchObject({ channel: 'news' })
    expect(client.broadcasts).toEqual([{ channel: 'news', data: { n: 1 } }])
  })
})

describe('useOutbox', () => {
  const outgoing = (messageId: string, channel: string): Outgoing => ({
    messageId,
    channel,
    data: 1,
    status: 'queued',
    attempts: 0,
    queuedAt: 0,
    expiresAt: 1,
  })

  it('shows what waits, of one channel or all', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => ({ all: useOutbox(), b: useOutbox('b') }), { wrapper: under(client) })
    expect(result.current.all.messages).toEqual([])
    await act(async () => client.wait(outgoing('1', 'a'), outgoing('2', 'b')))
    expect(result.current.all.messages.map(({ messageId }) => messageId)).toEqual(['1', '2'])
    expect(result.current.b.messages.map(({ messageId }) => messageId)).toEqual(['2'])
    expect(result.current.all.cancel('1')).toBe(true)
    expect(result.current.all.retry('1')).toBe(false)
  })

  it('does not render for messages of other channels', async () => {
    const client = new FakeClient()
    let renders = 0
    const { result } = renderHook(
      () => {
        renders++
        return useOutbox('b')
      },
      { wrapper: under(client) },
    )
    const [a, b] = [outgoing('1', 'a'), outgoing('2', 'b')]
    await act(async () => client.wait(b))
    const before = renders
    await act(async () => client.wait(a, b))
    expect(renders).toBe(before)
    await act(async () => client.wait(a, { ...b, status: 'sent' }))
    expect(result.current.messages).toMatchObject([{ messageId: '2', status: 'sent' }])
  })
})

describe('hooks that follow frames', () => {
  it('are rendered together, so that a message is always in the outbox or among those that have come', async () => {
    const client = new FakeClient()
    const renders: string[] = []
    renderHook(
      () => {
        const waiting = useOutbox('news').messages
        const { messages } = useSubscription('news')
        renders.push(`${messages.length} + ${waiting.length}`)
      },
      { wrapper: under(client) },
    )
    await act(async () => client.wait(outgoing('1', 'news')))
    renders.length = 0
    await act(async () => {
      client.wait()
      client.push('news', 1)
    })
    expect(new Set(renders)).toEqual(new Set(['1 + 0']))
  })
})

describe('useStats', () => {
  it('shows the counters in batches', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useStats('microtask'), { wrapper: under(client) })
    await act(async () => {
      client.count({ received: 1 })
      client.count({ received: 2 })
    })
    expect(result.current.received).toBe(2)
  })

  it('shows what was counted between its first render and its effects', async () => {
    const client = new FakeClient()
    function Earlier(): ReactNode {
      useEffect(() => client.count({ received: 1 }), [])
      return null
    }
    const Stats = (): ReactNode => useStats().received
    const { container } = render(
      <BroadcastSocketProvider client={client}>
        <Earlier />
        <Stats />
      </BroadcastSocketProvider>,
    )
    await act(async () => undefined)
    expect(container.textContent).toBe('1')
  })
})

describe('useLostConnection', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('is lost after the delay, over all attempts, and ok with the connection', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useLostConnection(3000), { wrapper: under(client) })
    expect(result.current).toBe('ok')
    await act(async () => {
      client.become(waiting)
      await vi.advanceTimersByTimeAsync(2000)
      client.become({ status: 'connecting', attempt: 2 })
      await vi.advanceTimersByTimeAsync(999)
    })
    expect(result.current).toBe('ok')
    await act(() => vi.advanceTimersByTimeAsync(1))
    expect(result.current).toBe('lost')
    await act(async () => client.become(open))
    expect(result.current).toBe('ok')
  })

  it('is ok when the connection is back in time, and counts anew', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useLostConnection(3000), { wrapper: under(client) })
    for (let time = 0; time < 3; time++) {
      await act(async () => {
        client.become(waiting)
        await vi.advanceTimersByTimeAsync(2999)
        client.become(open)
      })
    }
    expect(result.current).toBe('ok')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is lost at once when the connection has failed', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useLostConnection(), { wrapper: under(client) })
    await act(async () => client.become({ status: 'failed', error }))
    expect(result.current).toBe('lost')
  })

  it('leaves no timer behind', async () => {
    const client = new FakeClient()
    client.become(waiting)
    const { unmount } = renderHook(() => useLostConnection(), { wrapper: under(client) })
    unmount()
    expect(vi.getTimerCount()).toBe(0)
    expect(client.listeners).toBe(0)
  })
})

describe('usePresence', () => {
  it('shows who is there, and shows another info without subscribing anew', async () => {
    const client = new FakeClient()
    const { result, rerender } = renderHook(({ name }) => usePresence<{ name: string }>('room', { info: { name } }), {
      wrapper: under(client),
      initialProps: { name: 'Ann' },
    })
    const [subscription] = client.active
    expect(subscription?.options).toMatchObject({ presence, info: { name: 'Ann' } })
    await act(async () => client.show('room', { count: 1, members: [{ clientId: 'c', info: { name: 'Ann' } }] }))
    expect(result.current).toMatchObject({ count: 1, members: [{ info: { name: 'Ann' } }] })
    rerender({ name: 'Ann' })
    expect(subscription?.infos).toEqual([])
    rerender({ name: 'Bob' })
    expect(subscription?.infos).toEqual([{ name: 'Bob' }])
    expect(client.active).toEqual([subscription])
  })

  it('only looks without info', () => {
    const client = new FakeClient()
    renderHook(() => usePresence('room'), { wrapper: under(client) })
    expect(client.active[0]?.options).not.toHaveProperty('info')
  })
})

describe('useHistory', () => {
  it('reads once under StrictMode, and page after page until the top', async () => {
    const client = new FakeClient()
    client.answer = async ({ since }) => {
      const first = (since?.offset ?? 0) + 1
      return { messages: [message('news', first), message('news', first + 1)], top: at(4) }
    }
    const { result } = renderHook(() => useHistory('news', { limit: 2 }), { wrapper: under(client) })
    expect(result.current).toMatchObject({ messages: [], isLoading: true, hasMore: false })
    await act(async () => undefined)
    expect(client.histories).toEqual([{ channel: 'news', limit: 2 }])
    expect(result.current).toMatchObject({ isLoading: false, hasMore: true, top: at(4) })
    await act(async () => {
      result.current.loadMore()
      result.current.loadMore()
    })
    expect(client.histories).toEqual([
      { channel: 'news', limit: 2 },
      { channel: 'news', limit: 2, since: at(2) },
    ])
    expect(result.current.messages.map(({ offset }) => offset)).toEqual([1, 2, 3, 4])
    expect(result.current.hasMore).toBe(false)
    await act(async () => result.current.loadMore())
    expect(client.histories).toHaveLength(2)
    await act(async () => result.current.reload())
    expect(result.current.messages.map(({ offset }) => offset)).toEqual([1, 2])
  })

  it('says why it could not read, and reads again when asked to', async () => {
    const client = new FakeClient()
    client.answer = () => Promise.reject(error)
    const { result } = renderHook(() => useHistory('news'), { wrapper: under(client) })
    await act(async () => undefined)
    expect(result.current).toMatchObject({ isLoading: false, error })
    client.answer = async () => ({ messages: [message('news', 1)], top: at(1) })
    await act(async () => result.current.reload())
    expect(result.current).toMatchObject({ isLoading: false, error: undefined, messages: [{ offset: 1 }] })
  })

  it('shows nothing of the channel before, also when its answer is late', async () => {
    const client = new FakeClient()
    let answerLate: (() => void) | undefined
    client.answer = () =>
      new Promise((resolve) => {
        answerLate ??= () => resolve({ messages: [message('a', 1)], top: at(1) })
      })
    const initialProps: { channel: string | null } = { channel: 'a' }
    const { result, rerender } = renderHook(({ channel }) => useHistory(channel), {
      wrapper: under(client),
      initialProps,
    })
    await act(async () => undefined)
    rerender({ channel: null })
    await act(async () => answerLate?.())
    expect(result.current).toMatchObject({ messages: [], isLoading: false })
  })
})
