import { act, renderHook } from '@testing-library/react'
import { useEffect } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { useGap, useMessages, useSubscription } from '../../src/react/index.js'
import { at, FakeClient } from './fake-client.js'
import { under } from './under.js'

const data = (messages: readonly { data: unknown }[]): unknown[] => messages.map((message) => message.data)

describe('useSubscription', () => {
  it('subscribes once under StrictMode, and ends with the component', () => {
    const client = new FakeClient()
    const { unmount } = renderHook(() => useSubscription('news'), { wrapper: under(client) })
    expect(client.active).toHaveLength(1)
    unmount()
    expect(client.active).toHaveLength(0)
  })

  it('keeps every message of a burst, in one render', async () => {
    const client = new FakeClient()
    let renders = 0
    const { result } = renderHook(
      () => {
        useEffect(() => {
          renders++
        })
        return useSubscription('news')
      },
      { wrapper: under(client) },
    )
    const before = renders
    await act(async () => {
      for (let n = 1; n <= 100; n++) client.push('news', n)
    })
    expect(data(result.current.messages)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    expect(result.current.lastMessage?.data).toBe(100)
    expect(renders - before).toBe(1)
  })

  it('keeps the newest of more than its limit', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useSubscription('news', { limit: 3 }), { wrapper: under(client) })
    for (const burst of [1, 2, 3, 4, 5]) {
      await act(async () => {
        for (let n = 1; n <= burst; n++) client.push('news', `${burst}.${n}`)
      })
    }
    expect(data(result.current.messages)).toEqual(['5.3', '5.4', '5.5'])
  })

  it('keeps none with limit 0, and knows the last one', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useSubscription('news', { limit: 0 }), { wrapper: under(client) })
    await act(async () => void client.push('news', 1))
    expect(result.current.messages).toEqual([])
    expect(result.current.lastMessage?.data).toBe(1)
  })

  it('gives the same result until something comes', () => {
    const client = new FakeClient()
    const { result, rerender } = renderHook(() => useSubscription('news'), { wrapper: under(client) })
    const first = result.current
    rerender()
    expect(result.current).toBe(first)
  })

  it('shows state and gap', async () => {
    const client = new FakeClient()
    const onGap = vi.fn()
    const { result } = renderHook(() => useSubscription('news', { onGap }), { wrapper: under(client) })
    expect(result.current.state).toEqual({ status: 'pending' })
    await act(async () => client.turn('news', { status: 'active', position: at(0) }))
    expect(result.current.state).toEqual({ status: 'active', position: at(0) })
    await act(async () => void client.lose('news', 1, 5))
    expect(result.current.gap).toMatchObject({ from: 1, to: 5, reason: 'trimmed' })
    expect(onGap).toHaveBeenCalledTimes(1)
  })

  it('does not subscribe anew when options are other objects with the same meaning', () => {
    const client = new FakeClient()
    const { rerender } = renderHook(
      ({ limit }) =>
        useSubscription('news', { limit, since: at(3), last: limit, onGap: () => undefined, batch: limit }),
      { wrapper: under(client), initialProps: { limit: 1 } },
    )
    const before = client.subscriptions.length
    rerender({ limit: 2 })
    expect(client.subscriptions).toHaveLength(before)
  })

  it('begins anew with another channel, and shows nothing of the one before', async () => {
    const client = new FakeClient()
    const seen: unknown[][] = []
    const { result, rerender } = renderHook(
      ({ channel }) => {
        const view = useSubscription(channel)
        seen.push([channel, ...data(view.messages)])
        return view
      },
      { wrapper: under(client), initialProps: { channel: 'a' } },
    )
    await act(async () => void client.push('a', 'of a'))
    rerender({ channel: 'b' })
    expect(result.current.messages).toEqual([])
    expect(seen).not.toContainEqual(['b', 'of a'])
    expect(client.active.map(({ channel }) => channel)).toEqual(['b'])
    await act(async () => {
      client.push('a', 'late')
      client.push('b', 'of b')
    })
    expect(data(result.current.messages)).toEqual(['of b'])
  })

  it('is off without a channel and when it is not enabled', () => {
    const client = new FakeClient()
    const initialProps: { channel: string | null; enabled: boolean } = { channel: null, enabled: true }
    const { result, rerender } = renderHook(({ channel, enabled }) => useSubscription(channel, { enabled }), {
      wrapper: under(client),
      initialProps,
    })
    expect(client.subscriptions).toHaveLength(0)
    expect(result.current.state).toEqual({ status: 'ended' })
    rerender({ channel: 'news', enabled: false })
    expect(client.subscriptions).toHaveLength(0)
    rerender({ channel: 'news', enabled: true })
    expect(client.active).toHaveLength(1)
    rerender({ channel: 'news', enabled: false })
    expect(client.active).toHaveLength(0)
  })

  it('asks for what it is told to begin with', () => {
    const client = new FakeClient()
    renderHook(() => useSubscription('a', { last: 5 }), { wrapper: under(client) })
    renderHook(() => useSubscription('b', { since: at(7) }), { wrapper: under(client) })
    expect(client.active.map(({ channel, options: { last, since } }) => ({ channel, last, since }))).toEqual([
      { channel: 'a', last: 5, since: undefined },
      { channel: 'b', last: undefined, since: at(7) },
    ])
  })

  it('renders at most once in so many milliseconds', async () => {
    vi.useFakeTimers()
    try {
      const client = new FakeClient()
      const { result } = renderHook(() => useSubscription('news', { batch: 50 }), { wrapper: under(client) })
      await act(() => vi.advanceTimersByTimeAsync(50))
      await act(async () => {
        client.push('news', 1)
        await vi.advanceTimersByTimeAsync(49)
        client.push('news', 2)
      })
      expect(result.current.messages).toHaveLength(0)
      await act(() => vi.advanceTimersByTimeAsync(1))
      expect(data(result.current.messages)).toEqual([1, 2])
    } finally {
      vi.useRealTimers()
    }
  })

  it('renders with the next frame, and without frames after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'] })
    try {
      const client = new FakeClient()
      const { result } = renderHook(() => useSubscription('news', { batch: 'frame' }), { wrapper: under(client) })
      await act(() => vi.advanceTimersByTimeAsync(20))
      await act(async () => void client.push('news', 1))
      expect(result.current.messages).toHaveLength(0)
      await act(() => vi.advanceTimersByTimeAsync(16))
      expect(result.current.messages).toHaveLength(1)

      vi.stubGlobal('requestAnimationFrame', () => 1)
      await act(async () => void client.push('news', 2))
      await act(() => vi.advanceTimersByTimeAsync(249))
      expect(result.current.messages).toHaveLength(1)
      await act(() => vi.advanceTimersByTimeAsync(1))
      expect(result.current.messages).toHaveLength(2)
    } finally {
      vi.unstubAllGlobals()
      vi.useRealTimers()
    }
  })
})

describe('useSubscription with reduce', () => {
  it('reduces every message with the reducer of the last render', async () => {
    const client = new FakeClient()
    const { result, rerender } = renderHook(
      ({ factor }) =>
        useSubscription('n', { reduce: (sum: number, { data }) => sum + factor * (data as number), initial: 0 }),
      { wrapper: under(client), initialProps: { factor: 1 } },
    )
    await act(async () => {
      for (let n = 1; n <= 10; n++) client.push('n', n)
    })
    expect(result.current.value).toBe(55)
    rerender({ factor: 100 })
    await act(async () => void client.push('n', 1))
    expect(result.current.value).toBe(155)
    expect(client.active).toHaveLength(1)
  })

  it('leaves the value as it was when the reducer throws', async () => {
    const client = new FakeClient()
    const reduce = (sum: number, { data }: { data: unknown }): number => {
      if (data === 'bad') throw new Error('bad')
      return sum + 1
    }
    const { result } = renderHook(() => useSubscription('n', { reduce, initial: 0 }), { wrapper: under(client) })
    await act(async () => {
      client.push('n', 'good')
      client.push('n', 'bad')
      client.push('n', 'good')
    })
    expect(result.current.value).toBe(2)
  })

  it('takes the value from the snapshot and goes on from there', async () => {
    const client = new FakeClient()
    const { result } = renderHook(
      () => useSubscription('n', { reduce: (sum: number) => sum + 1, initial: 0, snapshot: async () => 100 }),
      { wrapper: under(client) },
    )
    await act(async () => client.load('n'))
    expect(result.current.value).toBe(100)
    await act(async () => void client.push('n', 1))
    expect(result.current.value).toBe(101)
  })
})

describe('useMessages', () => {
  it('calls the handler of the last render, and neither renders nor subscribes for it', async () => {
    const client = new FakeClient()
    const seen: string[] = []
    let renders = 0
    const { rerender } = renderHook(
      ({ name }) => {
        useEffect(() => {
          renders++
        })
        useMessages('news', (message) => seen.push(`${name} ${String(message.data)}`))
      },
      { wrapper: under(client), initialProps: { name: 'first' } },
    )
    const before = renders
    await act(async () => void client.push('news', 1))
    expect(renders).toBe(before)
    rerender({ name: 'second' })
    await act(async () => void client.push('news', 2))
    expect(seen).toEqual(['first 1', 'second 2'])
    expect(client.active).toHaveLength(1)
  })

  it('ends with its component', () => {
    const client = new FakeClient()
    const handler = vi.fn()
    const { unmount } = renderHook(() => useMessages('news', handler), { wrapper: under(client) })
    unmount()
    expect(client.active).toHaveLength(0)
    client.push('news', 1)
    expect(handler).not.toHaveBeenCalled()
  })

  it('loads one snapshot for all that have the same loader, and one for each gap', async () => {
    const client = new FakeClient()
    const snapshot = vi.fn(async () => undefined)
    const { unmount } = renderHook(
      () => {
        useMessages('n', () => undefined, { snapshot })
        useMessages('n', () => undefined, { snapshot })
        useSubscription('n', { snapshot })
      },
      { wrapper: under(client) },
    )
    await act(async () => client.load('n'))
    expect(snapshot).toHaveBeenCalledTimes(1)
    await act(async () => {
      client.load('n')
      client.load('n')
    })
    expect(snapshot).toHaveBeenCalledTimes(3)
    unmount()
  })
})

describe('useGap', () => {
  it('shows the last gap until it is dismissed', async () => {
    const client = new FakeClient()
    const { result } = renderHook(() => useGap('news'), { wrapper: under(client) })
    expect(result.current.gap).toBeNull()
    await act(async () => void client.lose('news', 2, 4))
    expect(result.current.gap).toMatchObject({ from: 2, to: 4 })
    await act(async () => result.current.dismiss())
    expect(result.current.gap).toBeNull()
  })
})
