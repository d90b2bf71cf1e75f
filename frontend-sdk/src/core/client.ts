import { Asks } from './asks.js'
import { Channel } from './channel.js'
import { systemClock } from './clock.js'
import { Connection } from './connection.js'
import { environment } from './environment.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { historyPage, pageOf } from './history.js'
import type { Link } from './link.js'
import { Outgoings } from './outbox.js'
import type { AckData, Command, Push, Welcome } from './protocol.js'
import { resume } from './resume.js'
import { presencePage } from './roster.js'
import { Stats } from './stats.js'
import type {
  Accepted,
  BroadcastOptions,
  ChannelMap,
  AnyChannels,
  Client,
  ClientOptions,
  ClientStats,
  ConnectionState,
  HistoryPage,
  Outbox,
  Position,
  PresencePage,
  StandardSchema,
  SubscribeOptions,
  Subscription,
} from './types.js'

/** A client of the server at `options.url`. It connects when somebody wants something; {@link Client.close} ends it. */
export function createClient<Channels extends ChannelMap = AnyChannels>(
  options: ClientOptions<Channels>,
): Client<Channels> {
  return new BroadcastClient(options) as unknown as Client<Channels>
}

/** Wires the parts together: what comes over the connection goes to channels and outbox, and what they want to the connection. */
class BroadcastClient implements Client {
  readonly #env: Environment
  readonly #stats: Stats
  readonly #connection: Connection
  readonly #asks: Asks
  readonly #outgoings: Outgoings
  readonly #channels = new Map<string, Channel>()
  readonly #schemas: Readonly<Record<string, StandardSchema | undefined>>
  readonly #lingerMs: number
  #ended: BroadcastError | null = null

  constructor(options: ClientOptions) {
    const { outbox = {}, reconnect = {}, answerTimeoutMs = 10_000, lingerMs = 250 } = options
    const env = environment(options.clock ?? systemClock, options.random ?? Math.random, options.onError)
    this.#env = env
    this.#stats = new Stats(env)
    this.#schemas = options.schemas ?? {}
    this.#lingerMs = lingerMs
    const want = (): void => {
      this.#want()
    }
    this.#connection = new Connection(
      env,
      {
        url: options.url,
        WebSocket: options.WebSocket ?? globalThis.WebSocket,
        auth: options.auth,
        minMs: reconnect.minMs ?? 500,
        maxMs: reconnect.maxMs ?? 20_000,
        connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
        answerTimeoutMs,
        probeTimeoutMs: options.probeTimeoutMs ?? 2_500,
        idleMs: options.idleMs ?? 1_000,
      },
      {
        opened: (link, welcome) => {
          this.#opened(link, welcome)
        },
        push: (push) => {
          this.#pushed(push)
        },
        lost: () => {
          for (const channel of this.#channels.values()) {
            channel.lost()
          }
        },
        failed: (error) => {
          this.#asks.fail(error)
        },
        counted: (name) => {
          this.#stats.count(name)
        },
      },
    )
    const link = (): Link | null => this.#connection.link
    this.#asks = new Asks(env, answerTimeoutMs, link, want)
    this.#outgoings = new Outgoings(
      env,
      {
        maxMessages: outbox.maxMessages ?? 1_000,
        maxBytes: outbox.maxBytes ?? 1_048_576,
        ttlMs: outbox.ttlMs ?? 300_000,
        window: outbox.window ?? 32,
        identity: options.identity ?? '',
        storage: options.outboxStorage,
      },
      {
        get link() {
          return link()
        },
        changed: want,
        count: (name) => {
          this.#stats.count(name)
        },
        withheld: (channel, position: Position) => this.#channels.get(channel)?.withheld(position),
        settled: (channel) => this.#channels.get(channel)?.settle(),
      },
    )
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  get stats(): ClientStats {
    return this.#stats.snapshot
  }

  get outbox(): Outbox {
    return this.#outgoings
  }

  onStateChange(listener: (state: ConnectionState) => void): () => void {
    return this.#connection.listeners.add(listener)
  }

  onStatsChange(listener: (stats: ClientStats) => void): () => void {
    return this.#stats.listeners.add(listener)
  }

  subscribe<Info>(channel: string, options: SubscribeOptions<unknown, Info> = {}): Subscription<Info> {
    const subscriber = this.#channel(channel).add(options as SubscribeOptions)
    if (this.#ended !== null) {
      this.#channels.get(channel)?.end()
      this.#channels.clear()
    }
    this.#want()
    return subscriber
  }

  broadcast(channel: string, data: unknown, options: BroadcastOptions = {}): Promise<Accepted> {
    return this.#outgoings.broadcast(channel, data, options)
  }

  async history(
    channel: string,
    options: { readonly since?: Position; readonly limit?: number } = {},
  ): Promise<HistoryPage> {
    const { since, limit } = options
    const page = pageOf(channel, await this.#ask({ type: 'history', channel, since, limit }))
    if (page === null) {
      throw new BroadcastError('internal-error', 'the server answered something else than a history', { channel })
    }
    return historyPage(channel, page)
  }

  async presence<Info>(
    channel: string,
    options: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<PresencePage<Info>> {
    const { after, limit } = options
    return presencePage<Info>(await this.#ask({ type: 'presence', channel, after, limit }))
  }

  connect(): void {
    if (this.#ended === null) {
      this.#connection.connect()
    }
  }

  close(): void {
    if (this.#ended !== null) {
      return
    }
    const error = new BroadcastError('closed', 'the client is closed: make another one')
    this.#ended = error
    this.#asks.fail(error)
    this.#outgoings.close(error)
    this.#connection.close()
    for (const channel of this.#channels.values()) {
      channel.end()
    }
    this.#channels.clear()
  }

  #ask(command: Command): Promise<AckData> {
    return this.#ended === null ? this.#asks.ask(command) : Promise.reject(this.#ended)
  }

  #channel(name: string): Channel {
    const known = this.#channels.get(name)
    if (known !== undefined) {
      return known
    }
    const connection = this.#connection
    const channel = new Channel(name, {
      env: this.#env,
      asks: this.#asks,
      lingerMs: this.#lingerMs,
      schema: this.#schemas[name],
      get link() {
        return connection.link
      },
      isWithheld: (messageId) => this.#outgoings.isWithheld(messageId),
      awaitsOwn: (of) => this.#outgoings.awaitsOwn(of),
      count: (what) => {
        this.#stats.count(what)
      },
      recycle: (reason) => {
        connection.recycle(reason)
      },
      abandoned: (abandoned) => {
        if (this.#channels.get(name) === abandoned) {
          this.#channels.delete(name)
          abandoned.registration.leave(() => this.#channels.has(name))
          this.#want()
        }
      },
    })
    this.#channels.set(name, channel)
    return channel
  }

  /** Everything goes out at once, so that a reconnect takes one round trip. */
  #opened(link: Link, welcome: Welcome): void {
    resume(link, welcome, [...this.#channels.values()], () => this.#connection.link === link)
    this.#asks.opened()
    this.#outgoings.pump()
  }

  #pushed(push: Exclude<Push, { type: 'drain' }>): void {
    const channel = this.#channels.get(push.channel)
    if (push.type === 'message') {
      this.#stats.count('received')
      channel?.message(push)
    } else if (push.type === 'gap') {
      channel?.gap(push.gap)
    } else if (push.type === 'presence-gap') {
      channel?.registration.askPresence()
    } else if (push.type === 'join') {
      channel?.joined(push.member)
    } else {
      channel?.left(push.member)
    }
  }

  #want(): void {
    if (this.#ended === null) {
      this.#connection.want(this.#channels.size > 0 || this.#asks.size > 0 || this.#outgoings.pending > 0)
    }
  }
}
