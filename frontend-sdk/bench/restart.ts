import { setTimeout as pause } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { createClient, type ClientOptions } from '../src/index.js'
import { Gate } from './gate.js'
import { post, startJar, startSocketIo, type Server } from './programs.js'
import { median, ratios, spread, type Options, type Result } from './report.js'

const CLIENTS = 300
const CHANNEL = 'news'
const TICK_MS = 200
const PATIENCE_MS = 120_000

/** What is published, again and again; `after` says that the outage had begun. */
interface Tick {
  readonly n: number
  readonly after: boolean
}

interface Contender {
  readonly name: string
  readonly start: () => Promise<Server>
  /** Listens to the channel, for ever; returns the end of it. */
  readonly listen: (url: string, heard: (tick: Tick) => void) => () => void
}

/** What ends the connections, and how long nobody can connect. */
interface Outage {
  readonly name: string
  readonly kills: boolean
  readonly ms: number
}

interface Sample {
  /** From the moment that the port answers to the first message that comes to the last client, and to half of them. */
  readonly lastMs: number
  readonly halfMs: number
  readonly peakPerSecond: number
  readonly peakPer100Ms: number
  /** Messages of since the outage began that a client did not get, of all clients together. */
  readonly missed: number
  readonly published: number
}

const ours = (name: string, options: Partial<ClientOptions> = {}): Contender => ({
  name,
  start: startJar,
  listen: (url, heard) => {
    const client = createClient({ url, WebSocket, ...options })
    client.subscribe(CHANNEL, { onMessage: ({ data }) => heard(data as Tick) })
    return () => client.close()
  },
})

const socketIo: Contender = {
  name: 'socket.io, with recovery',
  start: startSocketIo,
  listen: (url, heard) => {
    const socket = io(url, { transports: ['websocket'], forceNew: true })
    socket.on('connect', () => {
      if (!socket.recovered) socket.emit('subscribe', CHANNEL, () => undefined)
    })
    socket.on('message', heard)
    return () => socket.close()
  },
}

const CONTENDERS = [ours('ours'), ours('ours, `reconnect.maxMs: 5_000`', { reconnect: { maxMs: 5_000 } }), socketIo]

const OUTAGES: readonly Outage[] = [
  { name: 'killed, 5 s', kills: true, ms: 5_000 },
  { name: 'network cut, back at once', kills: false, ms: 0 },
  { name: 'network cut, 5 s', kills: false, ms: 5_000 },
]

/** How 300 clients come back after an outage. */
export async function restart({ rounds = 3 }: Options): Promise<Result> {
  const samples: Record<string, Record<string, Sample[]>> = {}
  for (let round = 0; round < rounds; round++) {
    for (const outage of OUTAGES) {
      for (const contender of round % 2 === 0 ? CONTENDERS : CONTENDERS.toReversed()) {
        const sample = await one(contender, outage)
        ;((samples[outage.name] ??= {})[contender.name] ??= []).push(sample)
      }
    }
  }
  return {
    notes: [
      `${CLIENTS} clients in one Node process, which is also where connections are accepted and counted, and passed on; the server, one Node or Java process, is killed by SIGKILL and started again at once, or goes on when only the network is cut`,
      'The port refuses connections until the outage is over, and as long as the server has not started; times run from there',
      'Both libraries with the defaults of their clients, over WebSocket only; the recovery of socket.io is in the memory of its process, so that a kill ends it, as it ends our history',
      `A message every ${TICK_MS} ms, published over HTTP, also while clients are away; missed are those that were published since the outage began, on a server that lives, and never came`,
      `Median (least–most) of ${rounds} rounds, in turn and back; ratios round by round`,
    ],
    tables: OUTAGES.map(({ name }) => ({
      title: `After an outage: ${name}`,
      rows: CONTENDERS.map((contender) => row(contender.name, samples[name] ?? {})),
    })),
    samples,
  }
}

function row(name: string, samples: Readonly<Record<string, readonly Sample[]>>): Record<string, string> {
  const of = (figure: keyof Sample, who = name): number[] => (samples[who] ?? []).map((sample) => sample[figure])
  return {
    client: name,
    's to the last client served': spread(
      of('lastMs').map((ms) => ms / 1_000),
      1,
    ),
    '÷ socket.io': spread(ratios(of('lastMs'), of('lastMs', socketIo.name)), 2),
    's to half of them': spread(
      of('halfMs').map((ms) => ms / 1_000),
      1,
    ),
    'most accepts in 1 s': spread(of('peakPerSecond')),
    'most accepts in 100 ms': spread(of('peakPer100Ms')),
    'missed, % of messages': spread(
      ratios(of('missed'), of('published')).map((part) => part * 100),
      1,
    ),
  }
}

async function one(contender: Contender, { kills, ms }: Outage): Promise<Sample> {
  const gate = new Gate()
  let server = await contender.start()
  await gate.open(server.port)
  const crowd = new Crowd(contender, gate.url)
  let ticker = new Ticker(server, false)
  try {
    await until(() => crowd.heardBefore === CLIENTS)
    await ticker.stop()

    const end = performance.now() + ms
    if (kills) await server.kill()
    await gate.shut()
    if (kills) server = await contender.start()
    ticker = new Ticker(server, true)
    await pause(Math.max(0, end - performance.now()))
    await gate.open(server.port)
    const open = performance.now()
    await until(() => crowd.served.length === CLIENTS)
    await ticker.stop()
    // The last one tells of each client that it has got what was under way before it
    await post(server, CHANNEL, [ticker.next()])
    await until(() => crowd.haveAll(ticker.published - 1))

    const accepts = gate.accepts.filter((at) => at >= open)
    const times = crowd.served.map((at) => at - open)
    return {
      lastMs: Math.max(...times),
      halfMs: median(times),
      peakPerSecond: peak(accepts, 1_000),
      peakPer100Ms: peak(accepts, 100),
      missed: crowd.missed(ticker.published),
      published: ticker.published * CLIENTS,
    }
  } finally {
    await ticker.stop()
    crowd.close()
    await gate.shut()
    await server.kill()
  }
}

/** All clients of one contender. */
class Crowd {
  /** When each got the first message that was published after the outage had begun. */
  readonly served: number[] = []
  heardBefore = 0
  readonly #seen: readonly Set<number>[]
  readonly #ends: readonly (() => void)[]

  constructor({ listen }: Contender, url: string) {
    this.#seen = Array.from({ length: CLIENTS }, () => new Set<number>())
    this.#ends = this.#seen.map((seen) => {
      let isNew = true
      return listen(url, ({ n, after }) => {
        if (after) {
          if (seen.size === 0) this.served.push(performance.now())
          seen.add(n)
        } else if (isNew) {
          isNew = false
          this.heardBefore++
        }
      })
    })
  }

  haveAll(n: number): boolean {
    return this.#seen.every((seen) => seen.has(n))
  }

  missed(published: number): number {
    return this.#seen.reduce((sum, seen) => sum + published - seen.size, 0)
  }

  close(): void {
    for (const end of this.#ends) end()
  }
}

/** Publishes at a steady pace. */
class Ticker {
  published = 0
  readonly #after: boolean
  readonly #done: Promise<void>
  #stopped = false

  constructor(server: Server, after: boolean) {
    this.#after = after
    this.#done = this.#run(server)
  }

  next(): Tick {
    return { n: this.published++, after: this.#after }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#done
  }

  async #run(server: Server): Promise<void> {
    while (!this.#stopped) {
      await post(server, CHANNEL, [this.next()])
      await pause(TICK_MS)
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${String(holds)}`)
    await pause(10)
  }
}

/** The most of these times that lie within so many milliseconds. */
function peak(times: readonly number[], ms: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))
}
