import type { Report } from './calls.js'
import type { BroadcastError } from './errors.js'
import type { PresenceHost, Presences } from './presence.js'
import type { Funnel, Out } from './schemas.js'

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

/** What became of a message that was given to the outbox. */
export type OutgoingStatus =
  /** It waits for a connection, or for its turn. */
  | 'queued'
  /** It was written; the server has not answered yet. */
  | 'sent'
  /** It is in the channel's log. */
  | 'confirmed'
  /** It was refused or has expired; {@link Outbox.retry} sends it again under the same id. */
  | 'failed'

/** A message of this client on its way. Immutable; a change makes another one. */
export interface Outgoing {
  readonly messageId: string
  readonly channel: string
  readonly data: unknown
  readonly status: OutgoingStatus
  /** How often it was written to a connection. */
  readonly attempts: number
  readonly queuedAt: number
  readonly expiresAt: number
  /** Where it is in the log; only when confirmed. */
  readonly position?: Position
  /** Why it failed; only when failed. */
  readonly error?: BroadcastError
}

/** The server's acknowledgement of a broadcast. */
export interface Accepted {
  readonly messageId: string
  readonly channel: string
  readonly position: Position
  /** What the publication survives. */
  readonly durability: 'memory' | 'redis' | 'replicated'
  /** The channel had it already. */
  readonly duplicate: boolean
}

/** Messages on their way. Bounded in number, bytes and time; survives a reload when it has a {@link OutboxStorage}. */
export interface Outbox {
  /**
   * Those not confirmed, in the order in which they were given, and before them those that are confirmed and still to come to a
   * subscriber of this client, so that a list of both shows each without a break. The same array until something changes.
   */
  readonly messages: readonly Outgoing[]
  /** Calls back after each change; returns the end of it. */
  onChange(listener: () => void): () => void
  /** Gives up a message that was not confirmed; one that was sent may arrive all the same. False when it is not there. */
  cancel(messageId: string): boolean
  /** Sends a failed message again, under the same id. False when there is no failed one with this id. */
  retry(messageId: string): boolean
}

/** Where the outbox keeps what a reload must not lose. All of it is best effort: failures are reported and do not stop delivery. */
export interface OutboxStorage {
  load(identity: string): Promise<readonly StoredOutgoing[]>
  put(identity: string, message: StoredOutgoing): Promise<void>
  delete(identity: string, messageId: string): Promise<void>
}

export interface StoredOutgoing {
  readonly messageId: string
  readonly channel: string
  readonly data: unknown
  readonly queuedAt: number
  readonly expiresAt: number
  /** Order among those of one identity. */
  readonly order: number
  /** False when this client does not want to get it itself; absent otherwise. */
  readonly echo?: false
}

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

/** Schemas by channel that payloads are checked with, made by `standardSchemas`. What it does is nobody else's. */
export interface Schemas<ByChannel = { readonly [channel: string]: StandardSchema | undefined }> {
  readonly byChannel: ByChannel
  /** @internal */
  readonly funnel: (channel: string, report: Report, out: Out) => Funnel | undefined
}

/** What makes a channel know who is there: the value `presence` of this package. What it does is nobody else's. */
export type PresenceFeature = (host: PresenceHost) => Presences

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
  /**
   * Gives the token to show to the server, also when the one before is about to expire; null when this client may not connect
   * at all, which ends in state `failed`.
   */
  readonly auth?: (() => Promise<string | null> | string | null) | undefined
  /** Who this is: messages that wait in a storage belong to one identity, and are never sent as another. Default: `''`. */
  readonly identity?: string
  /** Where messages wait that a reload must not lose. Default: memory only. */
  readonly outboxStorage?: OutboxStorage
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
   * Loads state that publications change, at the beginning and after each gap; messages that come meanwhile are delivered after
   * it. Called once for each gap, however many subscribers the channel has with this same function.
   */
  readonly snapshot?: (channel: string) => Promise<void>
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

export interface BroadcastOptions {
  /** Default: a random one. The same id is published once. */
  readonly messageId?: string
  /** Whether the sender gets it, too. Default: true. */
  readonly echo?: boolean
  /** How long it may wait. Default: {@link ClientOptions.outbox} `ttlMs`. */
  readonly ttlMs?: number
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
  /** @throws BroadcastError `invalid-request` for `info` or `onPresence` without `presence` */
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
