import type { BroadcastError } from './errors.js'
import type { Position } from './types.js'

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

/**
 * Where the outbox keeps what a reload must not lose, handed over by `customStorage`. All of it is best effort: failures are reported
 * and do not stop delivery.
 */
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

export interface BroadcastOptions {
  /** Default: a random one. The same id is published once. */
  readonly messageId?: string
  /** Whether the sender gets it, too. Default: true. */
  readonly echo?: boolean
  /** How long it may wait. Default: `outbox.ttlMs` of the client. */
  readonly ttlMs?: number
}
