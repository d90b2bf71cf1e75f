import type { ReactNode } from 'react'
import type { BroadcastError } from '../core/errors.js'
import type { Accepted, BroadcastOptions, Outgoing } from '../core/outbox-types.js'
import type {
  AnyChannels,
  ChannelMap,
  ChannelOf,
  Client,
  ClientOptions,
  ClientStats,
  ConnectionState,
  Gap,
  Message,
  PayloadOf,
  Position,
  Presence,
  SubscriptionState,
  TokenCallback,
} from '../core/types.js'

/**
 * Where an application names its channels, so that the hooks of this entry know them:
 * `declare module 'broadcast-socket-sdk/react' { interface Register { channels: { news: News } } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is there to be augmented
export interface Register {}

/** The channels of {@link Register}; any when there are none. */
export type RegisteredChannels = Register extends { readonly channels: infer Channels extends ChannelMap }
  ? Channels
  : AnyChannels

/**
 * When a render follows: once for each frame, at most once within so many milliseconds, or at once after each task. In a browser
 * every message comes as a task of its own, so that `microtask` renders once for each message: for what has to be seen without the
 * wait for a frame, and comes seldom. A page that has no frames, since it is hidden, renders a quarter of a second later.
 */
export type Batch = 'microtask' | 'frame' | number

/** What every hook of a channel takes. A change of `enabled`, `client` or `since` subscribes anew; of anything else, never. */
export interface ChannelHookOptions<Channels extends ChannelMap = AnyChannels> {
  /** False: nothing is subscribed, as with channel null. Default: true. */
  readonly enabled?: boolean
  /** Instead of the provider's. */
  readonly client?: Client<Channels>
}

/** What a listener to messages takes beyond that. */
export interface ListenOptions<Channels extends ChannelMap = AnyChannels> extends ChannelHookOptions<Channels> {
  /** Begin after this position instead of now. Compared by value. */
  readonly since?: Position
  /** Begin with so many of the newest in the history, 0 to 1,000. */
  readonly last?: number
  /** Told about publications that will not come. */
  readonly onGap?: (gap: Gap) => void
}

export interface MessagesOptions<Channels extends ChannelMap = AnyChannels> extends ListenOptions<Channels> {
  /** Loads state that messages change, as `snapshotOf` of the client; once for each gap, in however many components. */
  readonly snapshot?: (channel: string) => Promise<void>
}

export interface SubscriptionOptions<Channels extends ChannelMap = AnyChannels> extends MessagesOptions<Channels> {
  /** How many messages are kept, the newest. Default: 100. */
  readonly limit?: number
  /** Default: `frame`. No message is left out by any of them. */
  readonly batch?: Batch
}

export interface ReduceOptions<Data, Value, Channels extends ChannelMap = AnyChannels> extends ListenOptions<Channels> {
  /** Called once for each message, in order, and not while rendering. */
  readonly reduce: (value: Value, message: Message<Data>) => Value
  readonly initial: Value
  /** Loads the value at the beginning and after each gap; messages that come meanwhile are reduced onto it. */
  readonly snapshot?: (channel: string) => Promise<Value>
  /** Default: `frame`. */
  readonly batch?: Batch
}

/** What has come over a channel. Immutable; a change makes another one. */
export interface ChannelMessages<Data = unknown> {
  /** The newest, the oldest of them first. */
  readonly messages: readonly Message<Data>[]
  readonly lastMessage: Message<Data> | undefined
  /** The last one, or null. */
  readonly gap: Gap | null
  /** `ended` while the hook is off. */
  readonly state: SubscriptionState
}

/** What the messages of a channel add up to. Immutable. */
export interface ChannelValue<Value> {
  readonly value: Value
  readonly gap: Gap | null
  readonly state: SubscriptionState
}

export interface PresenceOptions<Info, Channels extends ChannelMap = AnyChannels> extends ChannelHookOptions<Channels> {
  /** Be a member and show this; another value is shown without subscribing anew. Compared as JSON. */
  readonly info?: Info | undefined
  /** Default: `frame`. */
  readonly batch?: Batch
}

/** Who is in a channel. Immutable. */
export interface ChannelPresence<Info = unknown> extends Presence<Info> {
  readonly state: SubscriptionState
}

/** A gap to be shown to a user, until it was seen. */
export interface ChannelGap {
  readonly gap: Gap | null
  readonly dismiss: () => void
}

export interface HistoryOptions<Channels extends ChannelMap = AnyChannels> extends ChannelHookOptions<Channels> {
  /** Begin after this position instead of with the oldest there is. Compared by value. */
  readonly since?: Position
  /** Of a page, 1 to 1,000. Default: 100. */
  readonly limit?: number
}

/** What was read of a channel's history, the oldest first. Immutable. */
export interface ChannelHistory<Data = unknown> {
  readonly messages: readonly Message<Data>[]
  /** The newest position of the channel, as the last page told it. */
  readonly top: Position | undefined
  /** What was asked for and is gone. */
  readonly gap: Gap | null
  readonly isLoading: boolean
  /** Whether there are newer ones that {@link loadMore} brings. */
  readonly hasMore: boolean
  /** Why the last page did not come. */
  readonly error: BroadcastError | undefined
  readonly loadMore: () => void
  /** Begins again. */
  readonly reload: () => void
}

/** The messages of this client on their way, with the frames, as the messages of a subscription are shown. Immutable. */
export interface OutboxView {
  /** Those that have not come to a subscriber, or are not confirmed where there is none, in the order in which they were given. */
  readonly messages: readonly Outgoing[]
  /** As `cancel` and `retry` of {@link Client.outbox}. */
  readonly cancel: (messageId: string) => boolean
  readonly retry: (messageId: string) => boolean
}

/** The connection, and what can be done with it. Another object after each change of the state; the functions stay. */
export interface BroadcastSocket<Channels extends ChannelMap = AnyChannels> {
  readonly client: Client<Channels>
  readonly state: ConnectionState
  readonly isConnected: boolean
  readonly subscribe: Client<Channels>['subscribe']
  readonly broadcast: Client<Channels>['broadcast']
  /** Connects now, also after `failed`. */
  readonly connect: () => void
}

/** Those of a client; but `auth` is the callback itself, that of the last render. */
export interface HookClientOptions<Channels extends ChannelMap = AnyChannels> extends Omit<
  ClientOptions<Channels>,
  'auth'
> {
  /** Gives the token to show to the server; null when this client may not connect at all, which ends in state `failed`. */
  readonly auth?: TokenCallback | undefined
}

export type ProviderProps<Channels extends ChannelMap = AnyChannels> = {
  readonly children?: ReactNode
} & (
  | (HookClientOptions<Channels> & { readonly client?: undefined })
  /** One's own client, which the provider neither connects nor closes. */
  | { readonly client: Client<Channels> }
)

/** The provider and the hooks, for the channels of a map. */
export interface BroadcastHooks<Channels extends ChannelMap> {
  /**
   * Gives a client to the hooks below it. It is made when it is needed, shared with all that have the same URL and identity, and
   * closed a second after the last of them is gone, or when none of its messages waits any more; but not kept for them beside one
   * of another identity. Another URL, identity or `WebSocket`, or `auth` where there was none, is another client. Of other options,
   * `auth` and `onError` may change at any time; the rest counts when the client is made. Of all that share it, each `onError` is
   * told, by default `console.error`, and the `auth` of the last is asked.
   */
  BroadcastSocketProvider(this: void, props: ProviderProps<Channels>): ReactNode

  /**
   * The provider's client and its state; with a URL, one of its own that needs no provider, connects at once, and is shared
   * like a provider's.
   */
  useBroadcastSocket(
    this: void,
    url?: string,
    options?: Omit<HookClientOptions<Channels>, 'url'>,
  ): BroadcastSocket<Channels>

  /** What the messages of a channel add up to. */
  useSubscription<Channel extends ChannelOf<Channels>, Value>(
    this: void,
    channel: Channel | null,
    options: ReduceOptions<PayloadOf<Channels, Channel>, Value, Channels>,
  ): ChannelValue<Value>
  /** The newest messages of a channel. */
  useSubscription<Channel extends ChannelOf<Channels>>(
    this: void,
    channel: Channel | null,
    options?: SubscriptionOptions<Channels>,
  ): ChannelMessages<PayloadOf<Channels, Channel>>

  /** Calls back with each message, always the handler of the last render, and does not render. */
  useMessages<Channel extends ChannelOf<Channels>>(
    this: void,
    channel: Channel | null,
    handler: (message: Message<PayloadOf<Channels, Channel>>) => void,
    options?: MessagesOptions<Channels>,
  ): void

  /** The last gap of a channel until it is dismissed. Subscribes. */
  useGap(this: void, channel: ChannelOf<Channels> | null, options?: ChannelHookOptions<Channels>): ChannelGap

  /** Who is in a channel; with `info`, this client too. */
  usePresence<Info = unknown>(
    this: void,
    channel: ChannelOf<Channels> | null,
    options?: PresenceOptions<Info, Channels>,
  ): ChannelPresence<Info>

  /** Reads a channel's history, without subscribing. */
  useHistory<Channel extends ChannelOf<Channels>>(
    this: void,
    channel: Channel | null,
    options?: HistoryOptions<Channels>,
  ): ChannelHistory<PayloadOf<Channels, Channel>>

  /** Publishes, as {@link Client.broadcast} does. Always the same function for the same client. */
  useBroadcast(
    this: void,
  ): <Channel extends ChannelOf<Channels>>(
    channel: Channel,
    data: PayloadOf<Channels, Channel>,
    options?: BroadcastOptions,
  ) => Promise<Accepted>

  /** Messages on their way, of one channel or all. */
  useOutbox(this: void, channel?: ChannelOf<Channels>): OutboxView

  /** Counters of the client. */
  useStats(this: void, batch?: Batch): ClientStats

  /** `lost` when there is no connection for so long although one is wanted, and at once when it has failed. Default: 5 s. */
  useLostConnection(this: void, delayMs?: number): 'ok' | 'lost'
}
