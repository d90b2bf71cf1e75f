import { describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { createClient, type Client, type Clock, type ConnectionState } from '../../src/index.js'
import { hasRedis } from '../contract/programs.js'
import { RedisProcess } from '../contract/redis-process.js'
import { Witness } from '../contract/witness.js'
import { Random } from '../core/random.js'
import { eventually, fresh, numbers } from './harness/eventually.js'
import { test } from './harness/world.js'

const CLIENTS = 300
const SPREAD_MS = 1_000
const RECONNECT = { minMs: 500, maxMs: 4_000 }
const CONFIG = {
  // So that no connection is lost but those that the test ends
  heartbeat: { intervalMs: 20_000, timeoutMs: 20_000 },
  session: { reconnectSpreadMs: SPREAD_MS },
  shutdown: { spreadMs: 2_000, deadlineMs: 10_000 },
}

/**
 * The clock of the proxy. No timer of it is early: those of Node begin with the turn of the event loop that they are set in, which may
 * have lasted for long with so many clients.
 */
const clock: Clock = {
  now: () => performance.now(),
  setTimer(callback, ms) {
    const id = ++timers
    const due = performance.now() + ms
    const wait = (): void => {
      const left = due - performance.now()
      if (left > 0) {
        running.set(id, setTimeout(wait, Math.ceil(left)))
      } else {
        running.delete(id)
        callback()
      }
    }
    running.set(id, setTimeout(wait, Math.ceil(ms)))
    return id
  },
  clearTimer(id) {
    clearTimeout(running.get(id))
    running.delete(id)
  },
}
const running = new Map<number, NodeJS.Timeout>()
let timers = 0

/** A pause before an attempt, as the client has announced it. */
interface Pause {
  readonly attempt: number
  readonly begin: number
  readonly end: number
}

/** Many clients of one URL that all listen to one channel. */
class Herd {
  readonly clients: readonly Client[]
  readonly witnesses: readonly Witness[]
  readonly pauses: Pause[] = []
  readonly #channel: string

  constructor(url: string, channel: string) {
    this.#channel = channel
    this.clients = numbers(CLIENTS).map((n) =>
      createClient({ url, WebSocket, clock, random: new Random(n).next, reconnect: RECONNECT }),
    )
    this.witnesses = this.clients.map((client) => {
      client.onStateChange((state) => this.#note(state))
      return new Witness(client, channel)
    })
  }

  async areSubscribed(): Promise<void> {
    const probes = this.clients.map((client) => client.subscribe(this.#channel))
    await eventually(
      () => probes.filter(({ state }) => state.status === 'active').length,
      (active) => active === CLIENTS,
    )
    for (const probe of probes) probe.unsubscribe()
  }

  /** All have got a message with this data. */
  async have(data: unknown): Promise<void> {
    await eventually(
      () => this.witnesses.filter((witness) => witness.messages.at(-1)?.data === data).length,
      (served) => served === CLIENTS,
    )
  }

  close(): void {
    for (const client of this.clients) client.close()
  }

  #note(state: ConnectionState): void {
    if (state.status !== 'waiting') return
    this.pauses.push({ attempt: state.attempt, begin: performance.now(), end: state.retryAt })
  }
}

describe(`${CLIENTS} clients`, () => {
  test('whose server is killed and starts again come back spread, and all are served', async ({ world }) => {
    const channel = fresh()
    const first = await world.server(CONFIG)
    const { proxy, url } = await world.proxy(await first.port)
    const herd = new Herd(url, channel)
    const publisher = createClient({ url, WebSocket })
    await herd.areSubscribed()
    await publisher.broadcast(channel, 'before')
    await herd.have('before')

    const earlier = proxy.attempts.length
    publisher.close()
    proxy.target = null
    await first.kill()
    const second = await world.server(CONFIG)
    proxy.target = await second.port
    await herd.areSubscribed()
    const accepted = createClient({ url: `ws://127.0.0.1:${await second.port}/`, WebSocket })
    for (const n of numbers(20)) await accepted.broadcast(channel, n)
    await herd.have(19)

    // Attempts have no names where they arrive. But if none is earlier than its client has announced, then neither is the first, the
    // second and so on of all: whatever a busy machine delays, the server is not met by more than were let go by then.
    const attempts = proxy.attempts.slice(earlier).sort((one, other) => one - other)
    const announced = herd.pauses.map(({ end }) => end).sort((one, other) => one - other)
    expect(attempts).toHaveLength(announced.length)
    expect(attempts.filter((at, i) => at < (announced[i] ?? Infinity))).toEqual([])

    // What was let go is at most twice what an even spread lets go in a tenth of its time. The random numbers are the same each
    // time, and so are these parts of the pauses.
    expect(herd.pauses.filter(({ attempt }) => attempt === 1)).toHaveLength(CLIENTS)
    for (const attempt of [1, 2]) {
      const pauses = herd.pauses.filter((pause) => pause.attempt === attempt)
      const most = attempt === 1 ? SPREAD_MS : Math.min(RECONNECT.maxMs, RECONNECT.minMs * 2 ** attempt)
      const tenths = numbers(10).map(
        (tenth) =>
          pauses.filter(({ begin, end }) => Math.max(0, Math.floor(((end - begin) / most) * 10)) === tenth).length,
      )
      expect(tenths.reduce((sum, count) => sum + count)).toBe(pauses.length)
      expect(Math.max(...tenths)).toBeLessThanOrEqual((2 * pauses.length) / 10)
    }

    for (const witness of herd.witnesses) {
      expect(witness.data).toEqual(['before', ...numbers(20)])
      expect(witness.gaps.map(({ reason }) => reason)).toEqual(['epoch'])
      witness.expectFaultless()
    }
    herd.close()
    accepted.close()
  })

  const testWithRedis = hasRedis() ? test : test.skip
  testWithRedis('miss nothing when their server drains and another one goes on', async ({ world }) => {
    const channel = fresh()
    const redis = await RedisProcess.start()
    try {
      const config = { ...CONFIG, redisUrl: redis.url }
      const [leaving, staying] = await Promise.all([world.server(config), world.server(config)])
      const { proxy, url } = await world.proxy(await leaving.port)
      const herd = new Herd(url, channel)
      const publisher = createClient({ url: `ws://127.0.0.1:${await staying.port}/`, WebSocket })
      await herd.areSubscribed()
      let sent = 0
      const send = (): Promise<unknown> => publisher.broadcast(channel, sent++)
      await send()
      await herd.have(0)

      proxy.target = await staying.port
      const earlier = proxy.history.length
      leaving.terminate()
      const hasEnded = leaving.ended.then(() => true)
      while (!(await Promise.race([hasEnded, send().then(() => false)])));
      await send()

      await herd.have(sent - 1)
      expect(proxy.history.length - earlier).toBeGreaterThanOrEqual(CLIENTS)
      for (const witness of herd.witnesses) {
        expect(witness.data).toEqual(numbers(sent))
        expect(witness.gaps).toEqual([])
        witness.expectFaultless()
      }
      herd.close()
      publisher.close()
    } finally {
      await redis.kill()
    }
  })
})
