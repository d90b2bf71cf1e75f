import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { Listeners, randomId } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import { Entry } from './outbox-entry.js'
import { OutboxList } from './outbox-list.js'
import { OutboxSender } from './outbox-sender.js'
import type { SenderHost } from './outbox-sender.js'
import { OutboxStore } from './outbox-store.js'
import { positionOf } from './protocol.js'
import type { AckData } from './protocol.js'
import type { Accepted, BroadcastOptions, Outbox, OutboxStorage, Outgoing, Position } from './types.js'

export interface OutboxOptions {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly ttlMs: number
  readonly window: number
  readonly identity: string
  readonly storage: OutboxStorage | undefined
}

export interface OutboxHost {
  readonly link: Link | null
  /** Whether a connection is needed may have changed. */
  changed(): void
  count(name: 'sent' | 'confirmed' | 'failed'): void
  withheld(channel: string, position: Position): void
  settled(channel: string): void
}

/** The messages on their way, from the application to their end. */
export class Outgoings implements Outbox, SenderHost {
  readonly #env: Environment
  readonly #host: OutboxHost
  readonly #ttlMs: number
  readonly #list: OutboxList
  readonly #sender: OutboxSender
  readonly #store: OutboxStore
  readonly #listeners: Listeners<void>
  readonly #expiry: Timer
  #loaded: boolean
  #told = true
  #snapshot: readonly Outgoing[] | null = null
  #closed: BroadcastError | null = null

  constructor(env: Environment, options: OutboxOptions, host: OutboxHost) {
    this.#env = env
    this.#host = host
    this.#ttlMs = options.ttlMs
    this.#list = new OutboxList(options.maxMessages, options.maxBytes)
    this.#sender = new OutboxSender(env, this.#list, options.window, this)
    this.#store = new OutboxStore(env, options.identity, options.storage)
    this.#listeners = new Listeners(env)
    this.#expiry = new Timer(env.clock)
    this.#loaded = options.storage === undefined
    if (!this.#loaded) {
      void this.#load()
    }
  }

  // For the application

  get messages(): readonly Outgoing[] {
    return (this.#snapshot ??= Object.freeze(this.#list.entries.map(({ outgoing }) => outgoing)))
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  broadcast(channel: string, data: unknown, options: BroadcastOptions): Promise<Accepted> {
    const { messageId = randomId(), echo = true, ttlMs = this.#ttlMs } = options
    const known = this.#list.find(messageId)
    if (known?.outgoing.channel === channel && this.#closed === null) {
      this.retry(messageId)
      return known.promise
    }
    const now = this.#env.clock.now()
    const order = this.#list.nextOrder(now)
    let entry: Entry
    try {
      const stored = { messageId, channel, data, queuedAt: now, expiresAt: now + ttlMs, order }
      entry = new Entry(echo ? stored : { ...stored, echo })
      this.#admit(entry, known)
    } catch (error) {
      return rejected(error as BroadcastError)
    }
    this.#list.add(entry)
    this.#store.put(entry.stored)
    this.changed()
    this.pump()
    return entry.promise
  }

  cancel(messageId: string): boolean {
    const entry = this.#list.find(messageId)
    if (entry === undefined) {
      return false
    }
    this.#remove(entry)
    entry.reject(new BroadcastError('cancelled', 'the message was cancelled', { channel: entry.outgoing.channel }))
    this.changed()
    this.pump()
    return true
  }

  retry(messageId: string): boolean {
    const entry = this.#list.find(messageId)
    if (entry?.outgoing.status !== 'failed' || this.#closed !== null) {
      return false
    }
    const now = this.#env.clock.now()
    entry.renew(now, now + this.#ttlMs, this.#list.nextOrder(now))
    this.#list.toEnd(entry)
    this.#store.put(entry.stored)
    this.changed()
    this.pump()
    return true
  }

  // For the client

  /** How many wait to be confirmed. */
  get pending(): number {
    return this.#list.pending.length
  }

  isWithheld(messageId: string): boolean {
    return this.#sender.isWithheld(messageId)
  }

  awaitsOwn(channel: string): boolean {
    return this.#list.entries.some(
      ({ outgoing, echo }) => !echo && outgoing.status === 'sent' && outgoing.channel === channel,
    )
  }

  /** Sends what may be sent now. */
  pump(): void {
    if (this.#loaded && this.#closed === null) {
      this.#sender.pump()
    }
  }

  /** Ends everything; what is stored stays for the next client of this identity. */
  close(error: BroadcastError): void {
    this.#closed = error
    this.#expiry.clear()
    this.#sender.stop()
    for (const entry of this.#list.entries) {
      entry.reject(error)
    }
  }

  // For the sender

  get link(): Link | null {
    return this.#closed === null ? this.#host.link : null
  }

  written(): void {
    this.#host.count('sent')
    this.changed()
  }

  confirm(entry: Entry, data: AckData): void {
    const { channel, messageId } = entry.outgoing
    const position = positionOf(data) ?? { epoch: '', offset: 0 }
    this.#remove(entry)
    this.#host.count('confirmed')
    entry.become({ status: 'confirmed', position })
    const durability = data.durability as Accepted['durability']
    entry.resolve({ messageId, channel, position, durability, duplicate: data.duplicate === true })
    this.changed()
  }

  fail(entry: Entry, error: BroadcastError): void {
    entry.become({ status: 'failed', error })
    this.#host.count('failed')
    entry.reject(error)
    this.changed()
  }

  withheld(channel: string, position: Position): void {
    this.#host.withheld(channel, position)
  }

  settled(channel: string): void {
    this.#host.settled(channel)
  }

  /** Whoever listens is told once for all changes of one turn. */
  changed(): void {
    this.#snapshot = null
    this.#host.changed()
    if (this.#told) {
      this.#told = false
      queueMicrotask(() => {
        this.#told = true
        this.#watchExpiry()
        this.#listeners.emit()
      })
    }
  }

  async #load(): Promise<void> {
    const stored = await this.#store.load()
    this.#list.prepend(
      stored.filter(({ messageId }) => this.#list.find(messageId) === undefined).map((message) => new Entry(message)),
    )
    this.#loaded = true
    this.#expire()
    this.changed()
    this.pump()
  }

  /** @throws BroadcastError when it cannot be taken */
  #admit({ bytes, outgoing: { channel } }: Entry, known: Entry | undefined): void {
    if (this.#closed !== null) {
      throw this.#closed
    }
    if (known !== undefined) {
      const message = `a message with this id waits for ${known.outgoing.channel}: use another id`
      throw new BroadcastError('invalid-request', message, { channel })
    }
    for (const failed of this.#list.failed) {
      if (!this.#list.hasRoom(bytes)) {
        this.#remove(failed)
      }
    }
    if (!this.#list.hasRoom(bytes)) {
      const message = 'too many messages wait: try again when some have been confirmed'
      throw new BroadcastError('outbox-full', message, { channel })
    }
  }

  #remove(entry: Entry): void {
    this.#list.remove(entry)
    this.#sender.removed(entry)
    this.#store.delete(entry.outgoing.messageId)
  }

  #expire(): void {
    const now = this.#env.clock.now()
    for (const entry of this.#list.pending) {
      const { expiresAt, channel } = entry.outgoing
      if (expiresAt <= now) {
        this.fail(entry, new BroadcastError('expired', 'the message has waited too long', { channel }))
      }
    }
  }

  #watchExpiry(): void {
    const times = this.#list.pending.map(({ outgoing }) => outgoing.expiresAt)
    this.#expiry.clear()
    if (times.length > 0 && this.#closed === null) {
      this.#expiry.set(Math.max(0, Math.min(...times) - this.#env.clock.now()), () => {
        this.#expire()
        this.pump()
        this.#watchExpiry()
      })
    }
  }
}

/** A rejection that nobody has to handle. */
function rejected(error: BroadcastError): Promise<never> {
  const promise = Promise.reject(error)
  promise.catch(() => undefined)
  return promise
}
