/** The client, which knows no framework. */
export { createClient } from './core/client.js'
export { BroadcastError } from './core/errors.js'
export type { ErrorCode } from './core/errors.js'
export { indexedDbStorage } from './core/indexed-db.js'
export { presence } from './core/presence.js'
export { standardSchemas } from './core/schemas.js'
export type {
  Accepted,
  AnyChannels,
  BroadcastOptions,
  ChannelMap,
  ChannelOf,
  Client,
  ClientOptions,
  ClientStats,
  Clock,
  ConnectionState,
  Gap,
  HistoryPage,
  Member,
  Message,
  Outbox,
  OutboxStorage,
  Outgoing,
  OutgoingStatus,
  PayloadOf,
  Position,
  Presence,
  PresenceFeature,
  PresencePage,
  SchemaResult,
  Schemas,
  SocketConstructor,
  SocketLike,
  StandardSchema,
  StoredOutgoing,
  SubscribeOptions,
  Subscription,
  SubscriptionState,
} from './core/types.js'
