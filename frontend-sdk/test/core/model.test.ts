import { describe, expect, it } from 'vitest'
import type { Client, Position } from '../../src/index.js'
import { CheckedSubscriber } from './checked-subscriber.js'
import { World } from './harness.js'
import { Random } from './random.js'

const SEEDS = Number(process.env.MODEL_SEEDS ?? 400)
const FIRST = Number(process.env.MODEL_SEED ?? 1)
const STEPS = 120
const CHANNELS = ['a', 'b', '*']

/** One random life of a client: what it does, what others do, and what goes wrong. */
class Model {
  readonly world: World
  readonly client: Client
  readonly random: Random
  readonly subscribers = new Map<CheckedSubscriber, string>()
  readonly ended: CheckedSubscriber[] = []
  /** Data by messageId of what was given to the outbox, and what became of it. */
  readonly given = new Map<string, { channel: string; outcome: string; position?: Position }>()
  readonly withheld = new Set<string>()
  readonly #pasts = new Map<string, Position[]>(CHANNELS.map((channel) => [channel, []]))
  isOrderly = true
  #count = 0
  #late: string | null = null

  constructor(seed: number) {
    this.random = new Random(seed)
    const { random } = this
    this.world = new World({ historySize: random.pick([5, 20, 1_000]), heartbeatMs: 5_000 })
    this.client = this.world.client({
      random: random.next,
      answerTimeoutMs: 2_000,
      probeTimeoutMs: 1_000,
      outbox: { window: random.pick([1, 4, 32]) },
      reconnect: { minMs: 100, maxMs: 2_000 },
    })
    this.world.server.tamper((frame) => this.#tamper(frame))
  }

  async step(): Promise<void> {
    const { random, world, client } = this
    const { server } = world
    const channel = random.pick(CHANNELS)
    const act = random.next()
    if (act < 0.4) {
      for (let n = random.upTo(4); n >= 0; n--) {
        this.#pasts.get(channel)?.push(server.push(channel, this.#count++))
      }
    } else if (act < 0.6) {
      this.#broadcast(channel)
    } else if (act < 0.68) {
      this.#subscribe(channel)
    } else if (act < 0.72) {
      const [leaving] = this.subscribers.keys()
      if (leaving !== undefined) {
        leaving.subscription.unsubscribe()
        this.subscribers.delete(leaving)
        this.ended.push(leaving)
      }
    } else if (act < 0.8) {
      server.drop(random.pick([undefined, undefined, 1000, 1012, 1013, 4000]))
    } else if (act < 0.83) {
      server.loseAcks(random.upTo(2))
    } else if (act < 0.86) {
      server.newEpoch(random.chance(0.5) ? channel : undefined)
      this.isOrderly = false
    } else if (act < 0.89) {
      server.trim(channel, random.upTo(5))
    } else if (act < 0.91) {
      server.drain(200, 500)
    } else if (act < 0.93) {
      server.offline(true)
      await world.clock.advance(random.upTo(3_000))
      server.offline(false)
    } else if (act < 0.95) {
      server.silence(true)
      await world.clock.advance(random.upTo(12_000))
      server.silence(false)
    } else if (act < 0.96) {
      server.restart()
      this.isOrderly = false
    } else if (act < 0.98) {
      server.refuseBroadcasts(channel, random.pick(['rate-limited', 'unavailable']), 300)
      this.isOrderly = false
      await world.clock.advance(random.upTo(500))
      server.refuseBroadcasts(channel, null)
    } else {
      server.refuse(channel, 'unavailable', 300)
      await world.clock.advance(random.upTo(500))
      server.refuse(channel, null)
    }
    // Sometimes the next thing happens while this one is on its way
    if (random.chance(0.7)) {
      await world.clock.advance(random.chance(0.5) ? 0 : random.upTo(800))
    } else {
      for (let n = random.upTo(6); n > 0; n--) {
        await Promise.resolve()
      }
    }
    if (random.chance(0.02)) {
      client.connect()
    }
  }

  async finish(): Promise<void> {
    const { world } = this
    world.server.tamper(null)
    world.server.loseAcks(0)
    this.client.connect()
    await world.clock.advance(60_000)
    for (const channel of CHANNELS) {
      world.server.push(channel, 'last')
    }
    await world.clock.advance(10_000)
    for (const [subscriber, channel] of this.subscribers) {
      subscriber.expectAt(world.server.top(channel))
    }
  }

  #subscribe(channel: string): void {
    const { random } = this
    const past = this.#pasts.get(channel) ?? []
    const options = random.chance(0.3)
      ? { last: random.upTo(10) }
      : random.chance(0.4) && past.length > 0
        ? { since: random.pick(past) }
        : {}
    const isOwn = (messageId: string): boolean => this.withheld.has(messageId)
    this.subscribers.set(new CheckedSubscriber(this.client, this.world.server, channel, options, isOwn), channel)
  }

  #broadcast(channel: string): void {
    const messageId = `own-${this.#count++}`
    const echo = this.random.chance(0.6)
    if (!echo) {
      this.withheld.add(messageId)
    }
    const entry: { channel: string; outcome: string; position?: Position } = { channel, outcome: 'open' }
    this.given.set(messageId, entry)
    this.client.broadcast(channel, messageId, { messageId, echo }).then(
      ({ position }) => {
        entry.outcome = 'confirmed'
        entry.position = position
      },
      (error: unknown) => {
        entry.outcome = String(error)
      },
    )
  }

  /** Loses, doubles and swaps publications; what would change their meaning stays in its place. */
  #tamper(frame: string): string[] {
    const late = this.#late
    this.#late = null
    if (!frame.startsWith('{"type":"message"')) {
      return late === null ? [frame] : [late, frame]
    }
    const chance = this.random.next()
    const frames = chance < 0.05 ? [] : chance < 0.1 ? [frame, frame] : [frame]
    if (late === null && chance > 0.9) {
      this.#late = frame
      return []
    }
    return late === null ? frames : [...frames, late]
  }
}

async function live(seed: number): Promise<string[]> {
  const model = new Model(seed)
  for (let step = 0; step < STEPS; step++) {
    await model.step()
  }
  await model.finish()
  const problems: string[] = []
  for (const subscriber of [...model.subscribers.keys(), ...model.ended]) {
    if (subscriber.violations.length > 0) {
      problems.push([...subscriber.violations, ...subscriber.trace].join('\n  '))
    }
  }
  for (const [messageId, { channel, outcome, position }] of model.given) {
    const log = model.world.server.published(channel).filter((one) => one.messageId === messageId)
    const inEpoch = log.filter(({ epoch }) => epoch === position?.epoch)
    if (outcome !== 'confirmed' || inEpoch.length !== 1 || inEpoch[0]?.offset !== position?.offset) {
      problems.push(`${messageId} is ${outcome}, and ${log.length} times in the log of ${channel}`)
    }
  }
  if (model.isOrderly) {
    for (const channel of CHANNELS) {
      const own = model.world.server.published(channel).filter(({ messageId }) => messageId.startsWith('own-'))
      const numbers = own.map(({ messageId }) => Number(messageId.slice(4)))
      if (numbers.some((number, index) => number < (numbers[index - 1] ?? -1))) {
        problems.push(`${channel} is out of order: ${numbers.join(' ')}`)
      }
    }
  }
  problems.push(...model.world.errors.map((error) => `reported: ${error.code} ${error.message}`))
  model.client.close()
  return problems
}

describe('whatever goes wrong, each subscriber gets each publication once and in order, or a gap covers it', () => {
  const blocks = Array.from({ length: Math.ceil(SEEDS / 50) }, (_, block) => FIRST + block * 50)
  for (const first of blocks) {
    const last = Math.min(first + 49, FIRST + SEEDS - 1)
    it(`seeds ${first} to ${last}`, { timeout: 120_000 }, async () => {
      for (let seed = first; seed <= last; seed++) {
        expect(await live(seed), `seed ${seed}`).toEqual([])
      }
    })
  }
})
