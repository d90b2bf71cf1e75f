import type { Authenticator } from './auth.js'
import type { Report } from './calls.js'
import type { Environment } from './environment.js'
import type { BroadcastError } from './errors.js'
import type { OutboxStore } from './outbox-store.js'
import type { Accepted, BroadcastOptions, Outbox } from './outbox-types.js'
import type { PresenceHost, Presences } from './presence.js'
import type { Funnel, Out } from './schemas.js'
import type { SnapshotHost } from './snapshots.js'

/** The place right after a publication: epoch and offset as the server tells them. Offsets of different epochs do not compare. */
export interface Position {
  readonly epoch: string
  readonly offset: number
}

/** Payloads by channel name, for instance `{ news: News; [room: `chat/${string}`]: ChatMessage }`. */
export type ChannelMap = object

/** Without a map every channel is allowed, and its payload is `unknown`. */
export interface AnyChannels {
  readonly [channel: string]: unknown
}

/** Names of the channels of a map. */
export type ChannelOf<Channels extends ChannelMap> = Extract<keyof Channels, string>

/** What is sent over a channel. */
export type PayloadOf<Channels extends ChannelMap, Channel extends ChannelOf<Channels>> = Channels[Channel]

/** One publication, as it was delivered. Immutable. */
export interface Message<Data = unknown> {
  readonly channel: string
  readonly data: Data
  /** The publisher's, or one that the server made up. Unique within its channel for as long as the server deduplicates. */
  readonly messageId: string
  readonly offset: number
  readonly epoch: string
  /** Milliseconds since 1970, by the server's clock. */
  readonly timestamp: number
}

/**
 * Publications that this subscriber will not get.
 *
 * `trimmed`, `epoch` and `skipped` are the server's words. `unrecoverable`: a hole that the history could not fill.
 */
export interface Gap {
  readonly channel: string
  /** First and last missing offset; with reason `epoch`, `to` is `from - 1`, since nobody can count. */
  readonly from: number
  readonly to: number
  readonly reason: 'trimmed' | 'epoch' | 'skipped' | 'unrecoverable'
  /** Where delivery goes on. */
  readonly position: Position
}

/** A member of a channel, and what it shows of itself. */
export interface Member<Info = unknown> {
  readonly clientId: string
  readonly info: Info
}

/** Who is in a channel. Immutable; a change makes another one. */
export interface Presence<Info = unknown> {
  /** How many there are, also those that are not among `members`. */
  readonly count: number
  readonly members: readonly Member<Info>[]
}

/** What the connection is doing. One of these is true at any time; every change is announced. */
export type ConnectionState =
  /** Nobody wants a connection yet, or any more. */
  | { readonly status: 'idle' }
  /** `attempt` is 1 for the first after a connection that worked. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | {
      readonly status: 'open'
      readonly clientId: string
      readonly resumed: boolean
      readonly node: string
      readonly since: number
    }
  /** `retryAt` is when the next attempt begins, as {@link Clock.now} tells. */
  | { readonly status: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly error: BroadcastError }
  /** Trying again in the same way leads to the same end; {@link Client.connect} tries nevertheless. */
  | { readonly status: 'failed'; readonly error: BroadcastError }
  /** By {@link Client.close}. */
  | { readonly status: 'closed' }

/** A schema of the Standard Schema specification, version 1 (https://standardschema.dev): zod, valibot, arktype and others. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

export type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly { readonly message: string }[] }

/** What only those have in their bundle who import it: it is made by a function of this package, and passed as an option. */
export interface Feature<Host extends readonly unknown[], Part> {
  /** @internal */
  readonly serve: (...host: Host) => Part
}

/** Schemas by channel that payloads are checked with, made by `standardSchemas`. */
export interface Schemas<ByChannel = { readonly [channel: string]: StandardSchema | undefined }> extends Feature<
  [channel: string, report: Report, out: Out],
  Funnel | undefined
> {
  readonly byChannel: ByChannel
}

/** What makes a channel know who is there: the value `presence` of this package. */
export type PresenceFeature = Feature<[host: PresenceHost], Presences>

/** What shows tokens to the server, made by `tokens`. */
export interface Tokens extends Feature<[env: Environment], Authenticator> {
  readonly callback: TokenCallback
}

/**
 * Gives the token to show to the server, also when the one before is about to expire; null when this client may not connect at all,
 * which ends in state `failed`.
 */
export type TokenCallback = () => Promise<string | null> | string | null

/** What loads state that publications change, made by `snapshotOf`. */
export interface Snapshot extends Feature<[host: SnapshotHost, taker: object, gap: Gap | null], Promise<void>> {
  readonly loader: SnapshotLoader
}

export type SnapshotLoader = (channel: string) => Promise<void>

/** What keeps the outbox over a reload, made by `indexedDbStorage` or `customStorage`. */
export type KeptOutbox = Feature<[env: Environment], OutboxStore>

/** Time, so that tests can hold it. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number
  setTimer(callback: () => void, ms: number): number
  clearTimer(timer: number): void
}

/** A method's parameter may be narrower than promised, so that the browser's WebSocket and that of `ws` fit. */
type Handler<Event> = { call(event: Event): void }['call'] | null

/** The part of the browser's WebSocket that is used. */
export interface SocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  onopen: ((event: never) => void) | null
  onmessage: Handler<{ data: unknown }>
  onclose: Handler<{ code: number; reason: string; wasClean: boolean }>
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

export type SocketConstructor = new (url: string, protocols?: string | string[]) => SocketLike

/** Options of a client; all but the URL have defaults. */
export interface ClientOptions<Channels extends ChannelMap = AnyChannels> {
  /** `ws://` or `wss://`, or a path such as `/` of the page's own host. */
  readonly url: string
  /** `tokens(callback)`: shows tokens to the server. Default: none. */
  readonly auth?: Tokens | undefined
  /** Who this is: messages that wait in a storage belong to one identity, and are never sent as another. Default: `''`. */
  readonly identity?: string
  /** `indexedDbStorage()` or `customStorage(…)`: where messages wait that a reload must not lose. Default: memory only. */
  readonly outboxStorage?: KeptOutbox
  readonly outbox?: {
    /** Default: 1,000. */
    readonly maxMessages?: number
    /** Default: 1 MiB. */
    readonly maxBytes?: number
    /** How long a message may wait. Default: 5 minutes, as long as the server deduplicates. */
    readonly ttlMs?: number
    /** Unanswered messages on the wire at once. Default: 32. */
    readonly window?: number
  }
  readonly reconnect?: {
    /** The pause before attempt n is a random part of `min(maxMs, minMs * 2^n)`. Defaults: 500 and 10,000. */
    readonly minMs?: number
    readonly maxMs?: number
  }
  /** From the attempt to the welcome. Default: 10 s. */
  readonly connectTimeoutMs?: number
  /** From a command to its answer. Default: 10 s. */
  readonly answerTimeoutMs?: number
  /** Within this a connection must show that it is alive when the page wakes up. Default: 2 s. */
  readonly probeTimeoutMs?: number
  /** How long a channel without listeners stays subscribed. Default: 250 ms. */
  readonly lingerMs?: number
  /** How long the connection stays without any channel or message. Default: 1 s. */
  readonly idleMs?: number
  /**
   * Checks payloads that arrive, by channel: `standardSchemas({ news: z.object(…) })`. One that does not match is reported and not
   * delivered.
   */
  readonly schemas?: Schemas<{
    readonly [Channel in ChannelOf<Channels>]?: StandardSchema<PayloadOf<Channels, Channel>>
  }>
  /**
   * Told about everything that went wrong and has nobody else to be told: a handler that threw, a payload that does not match.
   * Default: `console.error`.
   */
  readonly onError?: (error: BroadcastError) => void
  /** Default: the global one. */
  readonly WebSocket?: SocketConstructor
  readonly clock?: Clock
  /** At least 0, less than 1. Default: `Math.random`. */
  readonly random?: () => number
}

/** What a subscriber wants of a channel. Identity of the callbacks never resubscribes. */
export interface SubscribeOptions<Data = unknown, Info = unknown> {
  readonly onMessage?: (message: Message<Data>) => void
  readonly onGap?: (gap: Gap) => void
  /** Called with who is there, after each change. Needs {@link SubscribeOptions.presence}. */
  readonly onPresence?: (presence: Presence<Info>) => void
  readonly onStateChange?: (state: SubscriptionState) => void
  /** Begin after this position instead of now. */
  readonly since?: Position
  /** Begin with so many of the newest in the history, 0 to 1,000. */
  readonly last?: number
  /** Be a member of the channel and show this; undefined for not being one. Needs {@link SubscribeOptions.presence}. */
  readonly info?: Info
  /** `presence`, which is imported beside `createClient`: for `info` and `onPresence`. */
  readonly presence?: PresenceFeature
  /**
   * `snapshotOf(loader)`: loads state that publications change, at the beginning and after each gap; messages that come meanwhile are
   * delivered after it. Loaded once for each gap, however many subscribers the channel has with this same loader.
   */
  readonly snapshot?: Snapshot
}

export type SubscriptionState =
  | { readonly status: 'pending' }
  | { readonly status: 'active'; readonly position: Position }
  /** The server refused it; the other channels go on. */
  | { readonly status: 'failed'; readonly error: BroadcastError }
  | { readonly status: 'ended' }

/** One subscriber's interest in a channel; several on one channel share one subscription at the server. */
export interface Subscription<Info = unknown> {
  readonly channel: string
  readonly state: SubscriptionState
  /** Ends it; the channel is left after the linger time if nobody else wants it. */
  unsubscribe(): void
  /** Shows another info; of use with `presence` only. */
  setInfo(info: Info | undefined): void
}

/** Counters since the client was made. Immutable; a change makes another one. */
export interface ClientStats {
  readonly received: number
  readonly delivered: number
  /** Came twice, and were dropped. */
  readonly duplicates: number
  readonly gaps: number
  readonly sent: number
  readonly confirmed: number
  readonly failed: number
  /** Connections that were opened, and attempts that were not. */
  readonly connections: number
  readonly failures: number
  readonly sockets: number
}

export interface HistoryPage<Data = unknown> {
  readonly messages: readonly Message<Data>[]
  /** The newest position of the channel. */
  readonly top: Position
  readonly gap?: Gap
}

export interface PresencePage<Info = unknown> extends Presence<Info> {
  /** What to ask for next; absent on the last page. */
  readonly next?: string
}

/** A client of the broadcast service. It connects when somebody wants something, and comes back by itself for ever. */
export interface Client<Channels extends ChannelMap = AnyChannels> {
  readonly state: ConnectionState
  readonly stats: ClientStats
  readonly outbox: Outbox
  onStateChange(listener: (state: ConnectionState) => void): () => void
  onStatsChange(listener: (stats: ClientStats) => void): () => void
  /** @throws BroadcastError `invalid-request` for an option without the import that it needs */
  subscribe<Channel extends ChannelOf<Channels>, Info = unknown>(
    channel: Channel,
    options?: SubscribeOptions<PayloadOf<Channels, Channel>, Info>,
  ): Subscription<Info>
  /**
   * Publishes; at once or when there is a connection. Rejects with a {@link BroadcastError} when the outbox is full, or the message
   * is refused, expires or is cancelled.
   */
  broadcast<Channel extends ChannelOf<Channels>>(
    channel: Channel,
    data: PayloadOf<Channels, Channel>,
    options?: BroadcastOptions,
  ): Promise<Accepted>
  history<Channel extends ChannelOf<Channels>>(
    channel: Channel,
    options?: { readonly since?: Position; readonly limit?: number },
  ): Promise<HistoryPage<PayloadOf<Channels, Channel>>>
  presence<Info = unknown>(
    channel: ChannelOf<Channels>,
    options?: { readonly after?: string; readonly limit?: number },
  ): Promise<PresencePage<Info>>
  /** Connects now, also when nobody wants anything and after `failed`. */
  connect(): void
  /** Ends everything; the client cannot be used any more. */
  close(): void
}
