import { BroadcastError } from './errors.js'
import type { Accepted, Outgoing, StoredOutgoing } from './outbox-types.js'

/** A message in the outbox. */
export interface Entry {
  /** What is shown of it. */
  outgoing: Outgoing
  /** Order among all. */
  order: number
  /** Whether this client wants to get it itself. */
  readonly echo: boolean
  /** Those who gave it, to be told what became of it. */
  readonly waiting: ((outcome: Accepted | BroadcastError) => void)[]
  /** The whole command as it goes over the wire. */
  readonly frame: string
  /** Of the data, in UTF-8. */
  readonly bytes: number
}

/** @throws BroadcastError `not-serializable` */
export function createEntry(stored: StoredOutgoing): Entry {
  const { messageId, channel, data, order, echo } = stored
  return {
    bytes: bytesOf(encode(data, channel)),
    frame: JSON.stringify({ type: 'broadcast', channel, data, messageId, echo }),
    echo: echo !== false,
    order,
    outgoing: queued(stored),
    waiting: [],
  }
}

/** How it is shown while it waits, since a time of its own. */
export function queued(
  { messageId, channel, data, queuedAt, expiresAt }: Omit<StoredOutgoing, 'order'>,
  attempts = 0,
): Outgoing {
  return Object.freeze({ messageId, channel, data, status: 'queued', attempts, queuedAt, expiresAt })
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function encode(data: unknown, channel: string): string {
  let text: unknown
  let cause: unknown = `it is ${typeof data}`
  try {
    text = JSON.stringify(data)
  } catch (error) {
    cause = error
  }
  if (typeof text !== 'string') {
    throw new BroadcastError('not-serializable', `the data is no JSON: ${String(cause)}`, { channel, cause })
  }
  return text
}
