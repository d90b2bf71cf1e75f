import { BroadcastError } from './errors.js'
import type { Accepted, Outgoing, StoredOutgoing } from './outbox-types.js'

/** A message in the outbox. */
export interface Entry {
  /** What is kept over a reload. */
  stored: StoredOutgoing
  /** What is shown of it. */
  outgoing: Outgoing
  /** What became of it, for those who gave it; nobody has to handle a rejection, since the outbox shows what failed. */
  promise: Promise<Accepted>
  resolve: (accepted: Accepted) => void
  reject: (error: BroadcastError) => void
  /** The whole command as it goes over the wire. */
  readonly frame: string
  /** Of the data, in UTF-8. */
  readonly bytes: number
}

/** @throws BroadcastError `not-serializable` */
export function createEntry(stored: StoredOutgoing): Entry {
  const { messageId, channel, data, echo } = stored
  const text = encode(data, channel)
  const frame = JSON.stringify({ type: 'broadcast', channel, data, messageId, echo })
  return { frame, bytes: bytesOf(text), ...queued(stored) }
}

/** Waits again, as if it had been given at another time. */
export function renew(entry: Entry, times: Pick<StoredOutgoing, 'queuedAt' | 'expiresAt' | 'order'>): void {
  Object.assign(entry, queued({ ...entry.stored, ...times }, entry.outgoing.attempts))
}

export function become(entry: Entry, change: Partial<Outgoing>): void {
  entry.outgoing = Object.freeze({ ...entry.outgoing, ...change })
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function queued(stored: StoredOutgoing, attempts = 0): Omit<Entry, 'frame' | 'bytes'> {
  const { messageId, channel, data, queuedAt, expiresAt } = stored
  const outgoing = Object.freeze({ messageId, channel, data, status: 'queued', attempts, queuedAt, expiresAt } as const)
  let resolve: Entry['resolve'] = () => undefined
  let reject: Entry['reject'] = () => undefined
  const promise = new Promise<Accepted>((one, other) => {
    resolve = one
    reject = other
  })
  promise.catch(() => undefined)
  return { stored, outgoing, promise, resolve, reject }
}

function encode(data: unknown, channel: string): string {
  let cause: unknown
  try {
    const text = JSON.stringify(data) as string | undefined
    if (text !== undefined) {
      return text
    }
    cause = `it is ${typeof data}`
  } catch (error) {
    cause = error
  }
  throw new BroadcastError('not-serializable', `the data is no JSON: ${String(cause)}`, { channel, cause })
}
