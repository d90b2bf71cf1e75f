import { act, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BroadcastError } from '../../src/core/errors.js'
import {
  useBroadcast,
  useGap,
  useHistory,
  useMessages,
  useOutbox,
  usePresence,
  useSubscription,
} from '../../src/react/index.js'
import { Numbers, page, upTo } from './page.js'

afterEach(() => void vi.useRealTimers())

describe('what a server sends', () => {
  it('shows every message once and in order over lost connections', async () => {
    const { server, around, advance, sent } = page()
    const { container } = render(around(<Numbers />))
    await advance()
    for (let n = 1; n <= 100; n++) {
      server.push('n', n)
      if (n % 10 === 5) server.drop()
      if (n % 10 === 0) await advance(2000)
    }
    await advance(5000)
    expect(container.textContent).toBe(upTo(100))
    expect(server.opened).toBe(11)
    expect(sent('subscribe')).toHaveLength(1)
    expect(sent('resume')).toHaveLength(10)
  })

  it('renders a burst of 2,000 messages once with the next frame', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'] })
    const { server, around, advance } = page()
    const onRender = vi.fn()
    const { container } = render(around(<Numbers batch="frame" onRender={onRender} />))
    await advance()
    await act(() => vi.advanceTimersByTimeAsync(16))
    onRender.mockClear()
    for (let n = 1; n <= 2000; n++) server.push('n', n)
    await advance()
    expect(onRender).not.toHaveBeenCalled()
    await act(() => vi.advanceTimersByTimeAsync(16))
    expect(container.textContent).toBe(upTo(2000))
    expect(onRender).toHaveBeenCalledTimes(1)
  })

  it('shows a new epoch as one gap, and loads the snapshot once for all', async () => {
    const { server, around, advance } = page()
    const snapshot = vi.fn(async () => undefined)
    const gaps = vi.fn()
    function Watching(): ReactNode {
      const { gap } = useSubscription('n', { snapshot, onGap: gaps })
      return gap?.reason
    }
    const { container } = render(
      around(
        <>
          <Watching />
          <Watching />
        </>,
      ),
    )
    await advance()
    expect(snapshot).toHaveBeenCalledTimes(1)
    server.push('n', 1)
    await advance()
    server.newEpoch('n')
    await advance()
    expect(container.textContent).toBe('epochepoch')
    expect(gaps).toHaveBeenCalledTimes(2)
    expect(snapshot).toHaveBeenCalledTimes(2)
  })

  it('reduces onto the snapshot what came while it was loaded', async () => {
    const { server, around, advance } = page()
    const loads: ((value: number) => void)[] = []
    const snapshot = (): Promise<number> => new Promise((resolve) => loads.push(resolve))
    function Sum(): ReactNode {
      return useSubscription('n', { initial: 0, reduce: (sum, { data }) => sum + Number(data), snapshot }).value
    }
    const { container } = render(around(<Sum />))
    await advance()
    server.push('n', 1)
    await advance()
    expect(container.textContent).toBe('0')
    await act(async () => loads.shift()?.(100))
    await advance()
    expect(container.textContent).toBe('101')
    server.newEpoch('n')
    await advance()
    await act(async () => loads.shift()?.(1000))
    await advance()
    expect(container.textContent).toBe('1000')
    expect(loads).toHaveLength(0)
  })

  it('shows messages on their way until they are confirmed, and each is published once', async () => {
    const { server, around, advance } = page()
    let send: ((data: unknown) => Promise<unknown>) | undefined
    function Room(): ReactNode {
      const broadcast = useBroadcast()
      useEffect(() => {
        send = (data) => broadcast('room', data)
      })
      const { messages } = useSubscription('room')
      const waiting = useOutbox('room').messages
      return `${messages.map(({ data }) => String(data)).join()} | ${waiting.map(({ data }) => String(data)).join()}`
    }
    const { container } = render(around(<Room />))
    await advance()
    server.offline(true)
    server.drop()
    await advance()
    const confirmed = [1, 2, 3].map(async (n) => send?.(n))
    await advance()
    expect(container.textContent).toBe(' | 1,2,3')
    server.loseAcks(1)
    server.offline(false)
    await advance(60_000)
    expect(container.textContent).toBe('1,2,3 | ')
    await Promise.all(confirmed)
    expect(server.published('room')).toHaveLength(3)
  })

  it('follows who is there', async () => {
    const { server, around, advance } = page()
    function Who({ name }: { name: string }): ReactNode {
      const { count, members } = usePresence<{ name: string }>('room', { info: { name } })
      return `${count}: ${members
        .map(({ info }) => info.name)
        .sort()
        .join()}`
    }
    const { container, rerender } = render(around(<Who name="Ann" />))
    await advance()
    expect(container.textContent).toBe('1: Ann')
    server.join('room', 'other', { name: 'Bob' })
    await advance()
    expect(container.textContent).toBe('2: Ann,Bob')
    rerender(around(<Who name="Eve" />))
    await advance()
    expect(container.textContent).toBe('2: Bob,Eve')
    server.leave('room', 'other')
    await advance()
    expect(container.textContent).toBe('1: Eve')
  })

  it('a channel that is refused leaves the others live', async () => {
    const { server, around, advance } = page()
    server.refuse('denied', 'invalid-channel')
    function Denied(): ReactNode {
      const { state } = useSubscription('denied')
      return state.status === 'failed' ? state.error.code : state.status
    }
    const { container } = render(
      around(
        <>
          <Denied />
          <Numbers />
        </>,
      ),
    )
    await advance()
    server.push('n', 1)
    await advance()
    expect(container.textContent).toBe('invalid-channel1')
  })

  it('a handler that throws is reported, and stops nobody', async () => {
    const errors: BroadcastError[] = []
    const { server, around, advance } = page({ onError: (error) => errors.push(error) })
    function Throwing(): ReactNode {
      useMessages('n', () => {
        throw new Error('of the application')
      })
      return null
    }
    const { container } = render(
      around(
        <>
          <Throwing />
          <Numbers />
        </>,
      ),
    )
    await advance()
    server.push('n', 1)
    server.push('n', 2)
    await advance()
    expect(container.textContent).toBe('1,2')
    expect(errors.map(({ code }) => code)).toEqual(['handler-threw', 'handler-threw'])
  })

  it('begins with the newest, reads the history, and shows a gap until it is dismissed', async () => {
    const { server, around, advance } = page()
    for (let n = 1; n <= 10; n++) server.push('n', n)
    let dismiss: (() => void) | undefined
    function Look(): ReactNode {
      const { messages } = useSubscription('n', { last: 2 })
      const history = useHistory('n', { limit: 6 })
      const { gap, dismiss: seen } = useGap('n')
      const { loadMore } = history
      useEffect(() => {
        dismiss = seen
        loadMore()
      })
      return (
        [messages, history.messages].map((of) => of.map(({ data }) => String(data)).join()).join(' ') +
        (gap?.reason ?? '')
      )
    }
    const { container } = render(around(<Look />))
    await advance()
    expect(container.textContent).toBe(`9,10 ${upTo(10)}`)
    server.newEpoch('n')
    await advance()
    expect(container.textContent).toMatch(/epoch$/)
    await act(async () => dismiss?.())
    expect(container.textContent).toBe(`9,10 ${upTo(10)}`)
  })
})
