import { NO_STATS } from '../../src/core/stats.js'
import type { Accepted, Outgoing } from '../../src/core/outbox-types.js'
import type {
  Client,
  ClientOptions,
  ClientStats,
  ConnectionState,
  Gap,
  HistoryPage,
  Message,
  Position,
  Presence,
  PresencePage,
  SubscribeOptions,
  Subscription,
  SubscriptionState,
} from '../../src/core/types.js'

/** A subscription as the fake client has it. */
export interface FakeSubscription {
  readonly channel: string
  readonly options: SubscribeOptions
  readonly infos: unknown[]
  ended: boolean
}

/** A client whose every word the test says. */
export class FakeClient implements Client {
  static readonly made: FakeClient[] = []
  readonly options: ClientOptions | undefined
  state: ConnectionState = { status: 'idle' }
  stats = NO_STATS
  readonly subscriptions: FakeSubscription[] = []
  readonly broadcasts: { channel: string; data: unknown }[] = []
  readonly histories: { channel: string; since?: Position; limit?: number }[] = []
  answer: (request: { since?: Position; limit?: number }) => Promise<HistoryPage> = async () => ({
    messages: [],
    top: at(0),
  })
  connects = 0
  closed = false
  readonly #state = new Set<(state: ConnectionState) => void>()
  readonly #stats = new Set<(stats: ClientStats) => void>()
  readonly #outbox = new Set<() => void>()
  #waiting: readonly Outgoing[] = []
  readonly outbox
  readonly #offsets = new Map<string, number>()

  constructor(options?: ClientOptions) {
    this.options = options
    FakeClient.made.push(this)
    const waiting = (): readonly Outgoing[] => this.#waiting
    this.outbox = {
      get messages() {
        return waiting()
      },
      onChange: (listener: () => void) => {
        this.#outbox.add(listener)
        return () => this.#outbox.delete(listener)
      },
      cancel: (messageId: string) => waiting().some((message) => message.messageId === messageId),
      retry: () => false,
    }
  }

  /** Those not ended. */
  get active(): readonly FakeSubscription[] {
    return this.subscriptions.filter(({ ended }) => !ended)
  }

  get listeners(): number {
    return this.#state.size + this.#stats.size + this.#outbox.size
  }

  become(state: ConnectionState): void {
    this.state = state
    for (const listener of this.#state) listener(state)
  }

  count(stats: Partial<ClientStats>): void {
    this.stats = { ...this.stats, ...stats }
    for (const listener of this.#stats) listener(this.stats)
  }

  wait(...messages: readonly Outgoing[]): void {
    this.#waiting = messages
    for (const listener of this.#outbox) listener()
  }

  /** The next message of a channel, to all of its subscribers. */
  push(channel: string, data: unknown): Message {
    const offset = (this.#offsets.get(channel) ?? 0) + 1
    this.#offsets.set(channel, offset)
    const message = { channel, data, messageId: `m${offset}`, offset, epoch: 'e', timestamp: 0 }
    for (const { options } of this.#on(channel)) {
      try {
        options.onMessage?.(message)
      } catch {
        // A client reports it, and goes on.
      }
    }
    return message
  }

  lose(channel: string, from: number, to: number): Gap {
    const gap: Gap = { channel, from, to, reason: 'trimmed', position: at(to) }
    this.#offsets.set(channel, to)
    for (const { options } of this.#on(channel)) options.onGap?.(gap)
    return gap
  }

  show(channel: string, presence: Presence): void {
    for (const { options } of this.#on(channel)) options.onPresence?.(presence)
  }

  turn(channel: string, state: SubscriptionState): void {
    for (const { options } of this.#on(channel)) options.onStateChange?.(state)
  }

  load(channel: string): void {
    for (const { options } of this.#on(channel)) void options.snapshot?.loader(channel)
  }

  onStateChange(listener: (state: ConnectionState) => void): () => void {
    this.#state.add(listener)
    return () => this.#state.delete(listener)
  }

  onStatsChange(listener: (stats: ClientStats) => void): () => void {
    this.#stats.add(listener)
    return () => this.#stats.delete(listener)
  }

  subscribe<Info = unknown>(channel: string, options: SubscribeOptions<unknown, Info> = {}): Subscription<Info> {
    const made: FakeSubscription = { channel, options: options as SubscribeOptions, infos: [], ended: false }
    this.subscriptions.push(made)
    return {
      channel,
      state: { status: 'pending' },
      unsubscribe: () => {
        made.ended = true
      },
      setInfo: (info) => {
        if (JSON.stringify(info) !== JSON.stringify(made.infos.at(-1) ?? options.info)) made.infos.push(info)
      },
    }
  }

  async broadcast(channel: string, data: unknown): Promise<Accepted> {
    this.broadcasts.push({ channel, data })
    return { messageId: 'm', channel, position: at(1), durability: 'memory', duplicate: false }
  }

  async history(channel: string, request: { since?: Position; limit?: number } = {}): Promise<HistoryPage> {
    this.histories.push({ channel, ...request })
    return this.answer(request)
  }

  async presence<Info>(): Promise<PresencePage<Info>> {
    return { count: 0, members: [] }
  }

  connect(): void {
    this.connects++
  }

  close(): void {
    this.closed = true
    this.become({ status: 'closed' })
  }

  #on(channel: string): readonly FakeSubscription[] {
    return this.active.filter((subscription) => subscription.channel === channel)
  }
}

export function at(offset: number): Position {
  return { epoch: 'e', offset }
}
