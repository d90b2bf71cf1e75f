/** The client, which knows no framework. */
export { tokens } from './core/auth.js'
export { createClient } from './core/client.js'
export { BroadcastError } from './core/errors.js'
export type { ErrorCode } from './core/errors.js'
export { indexedDbStorage } from './core/indexed-db.js'
export { customStorage } from './core/outbox-store.js'
export { presence } from './core/presence.js'
export { standardSchemas } from './core/schemas.js'
export { snapshotOf } from './core/snapshots.js'
export type {
  Accepted,
  BroadcastOptions,
  Outbox,
  OutboxStorage,
  Outgoing,
  OutgoingStatus,
  StoredOutgoing,
} from './core/outbox-types.js'
export type {
  AnyChannels,
  ChannelMap,
  ChannelOf,
  Client,
  ClientOptions,
  ClientStats,
  Clock,
  ConnectionState,
  Feature,
  Gap,
  HistoryPage,
  KeptOutbox,
  Member,
  Message,
  PayloadOf,
  Position,
  Presence,
  PresenceFeature,
  PresencePage,
  SchemaResult,
  Schemas,
  Snapshot,
  SnapshotLoader,
  SocketConstructor,
  SocketLike,
  StandardSchema,
  SubscribeOptions,
  Subscription,
  SubscriptionState,
  TokenCallback,
  Tokens,
} from './core/types.js'
