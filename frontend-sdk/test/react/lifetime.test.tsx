import { act, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { StrictMode, useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  useBroadcast,
  useBroadcastSocket,
  useLostConnection,
  useStats,
  useSubscription,
} from '../../src/react/index.js'
import { Numbers, page } from './page.js'

afterEach(() => void vi.useRealTimers())

describe('the connection of a page', () => {
  it('three subscribers are one socket and one subscribe, and nothing after the linger', async () => {
    const { server, around, advance, sent, clock } = page()
    const { container, rerender, unmount } = render(
      around(
        <>
          <Numbers />
          <Numbers />
          <Numbers />
        </>,
      ),
    )
    await advance()
    expect(server.opened).toBe(1)
    expect(sent('subscribe')).toHaveLength(1)
    server.push('n', 1)
    await advance()
    expect(container.textContent).toBe('111')
    rerender(around(null))
    await advance(250)
    expect(sent('unsubscribe')).toHaveLength(1)
    unmount()
    await advance(1000)
    expect(server.connections).toHaveLength(0)
    await advance(10_000)
    expect(server.opened).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('200 mounts are one socket and one subscribe', async () => {
    const { server, around, advance, sent, clock } = page()
    for (let cycle = 0; cycle < 200; cycle++) render(around(<Numbers />)).unmount()
    await advance()
    expect(server.opened).toBe(1)
    expect(sent('subscribe').length).toBeLessThanOrEqual(1)
    await advance(10_000)
    expect(server.connections).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['visibilitychange', () => document],
    ['resume', () => document],
    ['pageshow', () => window],
    ['online', () => window],
  ])('looks whether the server is there at %s, until it is gone', async (type, target) => {
    const { around, advance, sent, clock } = page()
    const { unmount } = render(around(<Numbers />))
    await advance()
    target().dispatchEvent(new Event(type))
    await advance()
    expect(sent('presence')).toHaveLength(1)
    unmount()
    await advance(10_000)
    target().dispatchEvent(new Event(type))
    await advance()
    expect(sent('presence')).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('goes when a message that was given at the end has been sent', async () => {
    const { server, around, advance, clock } = page()
    let send: (() => void) | undefined
    function Room(): ReactNode {
      const broadcast = useBroadcast()
      useEffect(() => {
        send = () => void broadcast('room', 'bye')
      })
      return null
    }
    const { unmount } = render(around(<Room />))
    await advance()
    server.offline(true)
    send?.()
    unmount()
    await advance(20_000)
    server.offline(false)
    await advance(30_000)
    expect(server.published('room')).toHaveLength(1)
    expect(server.connections).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('another identity is another connection, which replaces the one before', async () => {
    const { server, around, advance } = page()
    const { rerender } = render(around(<Numbers />, { identity: 'ann' }))
    await advance()
    rerender(around(<Numbers />, { identity: 'bob' }))
    await advance(1000)
    expect(server.opened).toBe(2)
    expect(server.connections).toHaveLength(1)
  })

  it('is counted by a provider that comes later, too', async () => {
    const { around, advance } = page()
    const Connections = (): ReactNode => useStats().connections
    const pages = (later: ReactNode): ReactNode => [<i key={0}>{around(<Numbers />)}</i>, <b key={1}>{later}</b>]
    const { container, rerender } = render(pages(null))
    await advance()
    rerender(pages(around(<Connections />)))
    await advance()
    expect(container.textContent).toBe('1')
  })

  it('tells a lost connection after the delay, and counts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { server, around, advance } = page()
    function Status(): ReactNode {
      useSubscription('n')
      return `${useLostConnection(3000)} ${useBroadcastSocket().state.status} ${useStats('microtask').connections}`
    }
    const { container } = render(around(<Status />))
    await advance()
    expect(container.textContent).toBe('ok open 1')
    server.offline(true)
    server.drop()
    await advance()
    expect(container.textContent).toMatch(/^ok (waiting|connecting) 1/)
    await act(() => vi.advanceTimersByTimeAsync(3000))
    expect(container.textContent).toMatch(/^lost/)
    server.offline(false)
    await advance(30_000)
    expect(container.textContent).toBe('ok open 2')
  })

  it('useBroadcastSocket with a URL is one socket, and none a second after its end', async () => {
    const { server, clock, advance } = page()
    const options = { WebSocket: server.WebSocket, clock }
    function Own(): ReactNode {
      const { client, isConnected } = useBroadcastSocket(server.url, options)
      const { messages } = useSubscription('n', { client })
      return `${String(isConnected)} ${messages.length}`
    }
    const { container, unmount } = render(
      <StrictMode>
        <Own />
        <Own />
      </StrictMode>,
    )
    await advance(5000)
    server.push('n', 1)
    await advance()
    expect(container.textContent).toBe('true 1true 1')
    expect(server.opened).toBe(1)
    unmount()
    await advance(1000)
    expect(server.connections).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })
})
