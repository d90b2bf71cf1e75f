import { describe, expect, it, vi } from 'vitest'
import { tokens } from '../../src/index.js'
import type { ConnectionState } from '../../src/index.js'
import { Log, World } from './harness.js'

function statesOf(client: { onStateChange(listener: (state: ConnectionState) => void): () => void }): string[] {
  const states: string[] = []
  client.onStateChange((state) => states.push('attempt' in state ? `${state.status} ${state.attempt}` : state.status))
  return states
}

describe('the connection', () => {
  it('opens when somebody wants something, and closes a while after nobody does', async () => {
    const world = new World()
    const client = world.client()
    expect(client.state).toEqual({ status: 'idle' })
    const states = statesOf(client)
    const subscription = client.subscribe('news')
    await world.settle()
    expect(client.state).toMatchObject({ status: 'open', clientId: 'client-1', node: 'node-1', resumed: false })
    subscription.unsubscribe()
    await world.clock.advance(1_249)
    expect(client.state.status).toBe('open')
    await world.clock.advance(1)
    expect(states).toEqual(['connecting 1', 'open', 'idle'])
    expect(world.server.connections).toEqual([])
  })

  it('stays when it was asked for by connect', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    await world.clock.advance(10_000)
    expect(client.state.status).toBe('open')
  })

  it('comes back within the spread, then with growing pauses, for ever', async () => {
    const world = new World({ spreadMs: 800 })
    const client = world.client()
    const states = statesOf(client)
    client.subscribe('news')
    await world.settle()
    world.server.offline(true)
    world.server.drop()
    await world.settle()
    const waits: number[] = []
    for (let n = 0; n < 9 && client.state.status === 'waiting'; n++) {
      const wait = client.state.retryAt - world.clock.now()
      waits.push(wait)
      await world.clock.advance(wait)
    }
    expect(waits).toEqual([400, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000])
    world.server.offline(false)
    await world.clock.advance(10_000)
    expect(client.state).toMatchObject({ status: 'open', resumed: true })
    expect(states.slice(0, 5)).toEqual(['connecting 1', 'open', 'waiting 1', 'connecting 1', 'waiting 2'])
  })

  it('announces no attempt for later than it comes, also when time passes between two looks at the clock', async () => {
    const world = new World({ spreadMs: 800 })
    const { clock } = world
    let passed = 0
    let due = 0
    const now = (): number => clock.now() + ++passed
    const client = world.client({
      clock: {
        now,
        setTimer(callback, ms) {
          due = now() + ms
          return clock.setTimer(callback, ms)
        },
        clearTimer: (timer) => clock.clearTimer(timer),
      },
    })
    const early: number[] = []
    client.onStateChange((state) => {
      if (state.status === 'waiting') early.push(due - state.retryAt)
    })
    client.subscribe('news')
    await world.settle()
    world.server.drop()
    await world.settle()
    expect(early).toHaveLength(1)
    expect(Math.min(...early)).toBeGreaterThanOrEqual(0)
  })

  it('backs off from a server that greets and drops', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    const attempts: number[] = []
    for (let n = 0; n < 4; n++) {
      await world.clock.advance(20_000)
      world.server.drop(1013)
      await world.settle()
      attempts.push(client.state.status === 'waiting' ? client.state.attempt : 0)
      await world.clock.advance(20_000)
    }
    expect(attempts.every((attempt) => attempt > 0)).toBe(true)
  })

  it('interrupts a wait when the page wakes up or the application asks', async () => {
    const world = new World()
    const client = world.client()
    client.subscribe('news')
    await world.settle()
    world.server.drop()
    await world.settle()
    expect(client.state.status).toBe('waiting')
    client.connect()
    await world.settle()
    expect(client.state.status).toBe('open')
  })

  it('probes when the page wakes up, and comes back when the server is silent', async () => {
    const windows = new EventTarget()
    vi.stubGlobal('window', windows)
    const world = new World()
    const client = world.client()
    client.subscribe('news')
    await world.settle()
    windows.dispatchEvent(new Event('online'))
    await world.clock.advance(2_500)
    expect(world.server.opened).toBe(1)
    world.server.silence(true)
    windows.dispatchEvent(new Event('pageshow'))
    await world.clock.advance(1_999)
    expect(client.state.status).toBe('open')
    await world.clock.advance(1)
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'connection-lost' } })
    vi.unstubAllGlobals()
  })

  it('is back within three seconds of a page that wakes up, however long the spread', async () => {
    const windows = new EventTarget()
    vi.stubGlobal('window', windows)
    const world = new World({ spreadMs: 10_000 })
    const client = world.client({ random: () => 0.999 })
    client.subscribe('news')
    await world.settle()
    world.server.silence(true)
    windows.dispatchEvent(new Event('pageshow'))
    await world.clock.advance(2_000)
    world.server.silence(false)
    await world.clock.advance(500)
    expect(client.state.status).toBe('open')
    await world.clock.advance(2_000)
    world.server.drop()
    await world.clock.advance(5_000)
    expect(client.state.status).toBe('waiting')
    vi.unstubAllGlobals()
  })

  it('probes a silent server by itself, and stays with one that only has nothing to say', async () => {
    const world = new World({ heartbeatMs: 10_000 })
    const client = world.client()
    client.subscribe('news')
    await world.clock.advance(100_000)
    expect(client.state.status).toBe('open')
    expect(world.server.opened).toBe(1)
    expect(world.sent('presence')).toEqual([])
    world.server.silence(true)
    await world.clock.advance(16_000 + 2_000)
    expect(client.state.status).toBe('waiting')
  })

  it.each([
    [4100, 'session-taken-over'],
    [4101, 'disconnected'],
    [4102, 'flooding'],
    [4199, 'disconnected'],
    [1002, 'protocol-mismatch'],
    [1003, 'protocol-mismatch'],
    [1007, 'protocol-mismatch'],
    [1009, 'message-too-large'],
  ])('fails by %i as %s, until it is asked to try again', async (code, error) => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    world.server.drop(code)
    await world.clock.advance(60_000)
    expect(client.state).toMatchObject({ status: 'failed', error: { code: error } })
    world.server.push('news', 1)
    client.connect()
    await world.settle()
    expect(log.lines).toEqual(['1'])
  })

  it.each([1000, 1001, 1006, 1008, 1011, 1012, 1013, 4000, 4001, 4002])('comes back after %i', async (code) => {
    const world = new World()
    const client = world.client()
    client.subscribe('news')
    await world.settle()
    world.server.drop(code)
    await world.clock.advance(1_000)
    expect(client.state.status).toBe('open')
  })

  it.each([
    ['http://broadcast.test/', 'invalid-url'],
    ['nonsense', 'invalid-url'],
  ])('fails at once with the address %s', (url, code) => {
    const world = new World()
    const client = world.client({ url })
    client.connect()
    expect(client.state).toMatchObject({ status: 'failed', error: { code } })
  })

  it('does not take another server for ours, and tries again', async () => {
    const world = new World()
    world.server.tamper(() => ['{"hello":"world"}'])
    const client = world.client()
    client.connect()
    await world.settle()
    expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'not-a-broadcast-server' } })
    expect(client.state).toHaveProperty('error.message', expect.stringMatching(/: is it right\?$/))
  })

  it('says at once when a policy of the page forbids the socket, of which the browser tells by an error only', async () => {
    class Forbidden {
      readonly readyState = 3
      readonly bufferedAmount = 0
      onopen = null
      onmessage = null
      onclose = null
      onerror: (() => void) | null = null
      constructor() {
        queueMicrotask(() => this.onerror?.())
      }
      send(): void {}
      close(): void {}
    }
    const world = new World()
    const client = world.client({ WebSocket: Forbidden })
    client.connect()
    await world.settle()
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'connect-failed' } })
  })

  it('gives up an attempt that takes too long', async () => {
    const world = new World()
    world.server.silence(true)
    const client = world.client()
    client.connect()
    await world.clock.advance(10_000)
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'connect-timeout' } })
  })

  it('moves to another connection when the server drains, and neither loses nor repeats anything', async () => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    const states = statesOf(client)
    world.server.drain(1_000, 5_000)
    for (let n = 0; n < 20; n++) {
      world.server.push('news', n)
      void client.broadcast('chat', n)
      await world.clock.advance(100)
    }
    expect(log.lines).toEqual(Array.from({ length: 20 }, (_, n) => String(n)))
    expect(states).toEqual(['open'])
    expect(world.server.published('chat').map(({ data }) => data)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it('ends everything when it is closed', async () => {
    const world = new World()
    const client = world.client()
    const subscription = client.subscribe('news')
    await world.settle()
    const history = client.history('news')
    client.close()
    await expect(history).rejects.toMatchObject({ code: 'closed' })
    await expect(client.broadcast('news', 1)).rejects.toMatchObject({ code: 'closed' })
    expect(subscription.state.status).toBe('ended')
    expect(client.subscribe('news').state.status).toBe('ended')
    await world.settle()
    expect(client.state).toEqual({ status: 'closed' })
    expect(world.server.connections).toEqual([])
    expect(world.clock.pending).toBe(0)
  })
})

describe('tokens', () => {
  it('are shown before anything else, and renewed on the same connection', async () => {
    const shown: string[] = []
    const world = new World({
      auth: (token) => {
        shown.push(token)
        return { expiresInMs: 10_000 }
      },
    })
    let count = 0
    const client = world.client({ auth: tokens(() => Promise.resolve(`token ${++count}`)) })
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    expect(client.state.status).toBe('open')
    expect(world.server.commands.map(({ type }) => type)).toEqual(['auth', 'subscribe'])
    await world.clock.advance(20_000)
    world.server.push('news', 1)
    await world.settle()
    expect(shown).toEqual(['token 1', 'token 2', 'token 3'])
    expect(log.lines).toEqual(['1'])
    expect(world.server.opened).toBe(1)
  })

  it('that are refused are asked for once more, then it fails', async () => {
    const world = new World({ auth: () => null })
    const auth = vi.fn(() => 'wrong')
    const client = world.client({ auth: tokens(auth) })
    client.subscribe('news')
    await world.clock.advance(60_000)
    expect(auth).toHaveBeenCalledTimes(2)
    expect(client.state).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } })
  })

  it('that are null fail at once, those that cannot be had now are asked for again', async () => {
    const world = new World({ auth: () => ({}) })
    const without = world.client({ auth: tokens(() => null) })
    without.connect()
    await world.settle()
    expect(without.state).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } })
    const auth = vi
      .fn(() => 'right')
      .mockImplementationOnce(() => {
        throw new Error('offline')
      })
    const later = world.client({ auth: tokens(auth) })
    later.connect()
    await world.settle()
    expect(later.state).toMatchObject({ status: 'waiting', error: { code: 'connect-failed' } })
    await world.clock.advance(2_000)
    expect(later.state.status).toBe('open')
  })

  it('are not needed by a server that does not know them', async () => {
    const world = new World()
    const client = world.client({ auth: tokens(() => 'token') })
    client.connect()
    await world.settle()
    expect(client.state.status).toBe('open')
  })
})
