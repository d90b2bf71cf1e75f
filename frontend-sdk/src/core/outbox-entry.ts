import { BroadcastError } from './errors.js'
import type { Accepted, Outgoing, StoredOutgoing } from './types.js'

/** A message in the outbox: what is shown of it, its text, and the promise that somebody waits for. */
export class Entry {
  readonly echo: boolean
  /** The whole command as it goes over the wire. */
  readonly frame: string
  readonly frameBytes: number
  /** Of the data. */
  readonly bytes: number
  #stored: StoredOutgoing
  #outgoing: Outgoing
  #promise: Promise<Accepted>
  #resolve: (accepted: Accepted) => void
  #reject: (error: BroadcastError) => void

  /** @throws BroadcastError `not-serializable` */
  constructor(stored: StoredOutgoing) {
    const { messageId, channel, data, queuedAt, expiresAt, echo } = stored
    const text = encode(data, channel)
    const [promise, resolve, reject] = deferred()
    this.echo = echo !== false
    this.frame = `{"type":"broadcast","channel":${JSON.stringify(channel)},"data":${text},"messageId":${JSON.stringify(messageId)}${echo === false ? ',"echo":false' : ''}}`
    this.frameBytes = bytesOf(this.frame)
    this.bytes = bytesOf(text)
    this.#stored = stored
    this.#outgoing = Object.freeze({ messageId, channel, data, status: 'queued', attempts: 0, queuedAt, expiresAt })
    this.#promise = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  get outgoing(): Outgoing {
    return this.#outgoing
  }

  get stored(): StoredOutgoing {
    return this.#stored
  }

  get promise(): Promise<Accepted> {
    return this.#promise
  }

  become(change: Partial<Outgoing>): void {
    this.#outgoing = Object.freeze({ ...this.#outgoing, ...change })
  }

  resolve(accepted: Accepted): void {
    this.#resolve(accepted)
  }

  reject(error: BroadcastError): void {
    this.#reject(error)
  }

  /** Waits again, at the end. */
  renew(queuedAt: number, expiresAt: number, order: number): void {
    const { messageId, channel, data, attempts } = this.#outgoing
    this.#stored = { ...this.#stored, queuedAt, expiresAt, order }
    this.#outgoing = Object.freeze({ messageId, channel, data, status: 'queued', attempts, queuedAt, expiresAt })
    const [promise, resolve, reject] = deferred()
    this.#promise = promise
    this.#resolve = resolve
    this.#reject = reject
  }
}

/** A promise whose rejection nobody has to handle, since the outbox shows what failed. */
function deferred(): [Promise<Accepted>, (accepted: Accepted) => void, (error: BroadcastError) => void] {
  let resolve: (accepted: Accepted) => void = () => undefined
  let reject: (error: BroadcastError) => void = () => undefined
  const promise = new Promise<Accepted>((one, other) => {
    resolve = one
    reject = other
  })
  promise.catch(() => undefined)
  return [promise, resolve, reject]
}

function encode(data: unknown, channel: string): string {
  const refuse = (why: string, cause?: unknown): BroadcastError =>
    new BroadcastError('not-serializable', `the data is no JSON: ${why}`, { channel, cause })
  let text: string | undefined
  try {
    text = JSON.stringify(data)
  } catch (cause) {
    throw refuse(String(cause), cause)
  }
  if (typeof text !== 'string') {
    throw refuse(`it is ${typeof data}`)
  }
  return text
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
