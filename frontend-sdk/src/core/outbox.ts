import { isPassing } from './asks.js'
import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { Listeners, randomId } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Answer, Link } from './link.js'
import { Entry } from './outbox-entry.js'
import { OutboxStore } from './outbox-store.js'
import { positionOf } from './protocol.js'
import type { AckData } from './protocol.js'
import { Recent } from './recent.js'
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
  /** A publication that this client does not want to get is in the log. */
  withheld(channel: string, position: Position): void
  /** A publication that this client does not want to get will not be answered now. */
  settled(channel: string): void
}

/** The pause after a refusal when the server does not say how long. */
const PAUSE_MS = 1_000

/** Ids of publications that were not to be echoed, to know them when they come again after a reconnect. */
const MOST_WITHHELD = 1_000

/**
 * Sends messages in the order of their channel, several at a time, until each is in the log: again under the same id when there was
 * no answer, and later when the server was busy. After a refusal its channel goes on one message at a time, since what was sent
 * behind the refused one may have overtaken it.
 */
export class Outgoings implements Outbox {
  readonly #env: Environment
  readonly #options: OutboxOptions
  readonly #host: OutboxHost
  readonly #store: OutboxStore
  readonly #listeners: Listeners<void>
  readonly #withheld = new Recent(MOST_WITHHELD)
  readonly #expiry: Timer
  readonly #pause: Timer
  /** Channels that have had a refusal since they were last empty. */
  readonly #careful = new Set<string>()
  #entries: Entry[] = []
  #bytes = 0
  #order = 0
  #loaded = false
  #told = true
  #snapshot: readonly Outgoing[] | null = null
  #closed: BroadcastError | null = null

  constructor(env: Environment, options: OutboxOptions, host: OutboxHost) {
    this.#env = env
    this.#options = options
    this.#host = host
    this.#listeners = new Listeners(env)
    this.#expiry = new Timer(env.clock)
    this.#pause = new Timer(env.clock)
    this.#store = new OutboxStore(env, options.identity, options.storage)
    if (options.storage === undefined) {
      this.#loaded = true
    } else {
      void this.#load()
    }
  }

  get messages(): readonly Outgoing[] {
    return (this.#snapshot ??= Object.freeze(this.#entries.map(({ outgoing }) => outgoing)))
  }

  /** How many wait to be confirmed. */
  get pending(): number {
    return this.#entries.filter(({ outgoing }) => outgoing.status !== 'failed').length
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  broadcast(channel: string, data: unknown, options: BroadcastOptions): Promise<Accepted> {
    const { messageId = randomId(), echo = true, ttlMs = this.#options.ttlMs } = options
    const known = this.#find(messageId)
    if (known?.outgoing.channel === channel && this.#closed === null) {
      this.retry(messageId)
      return known.promise
    }
    const now = this.#env.clock.now()
    let entry: Entry
    try {
      this.#order = Math.max(this.#order + 1, now)
      entry = new Entry({ messageId, channel, data, queuedAt: now, expiresAt: now + ttlMs, order: this.#order }, echo)
      this.#admit(entry, known)
    } catch (error) {
      const rejected = Promise.reject(error)
      rejected.catch(() => undefined)
      return rejected
    }
    this.#add(entry)
    this.#store.put(entry.stored)
    this.#changed()
    this.pump()
    return entry.promise
  }

  cancel(messageId: string): boolean {
    const entry = this.#find(messageId)
    if (entry === undefined) {
      return false
    }
    this.#remove(entry)
    entry.reject(new BroadcastError('cancelled', 'the message was cancelled', { channel: entry.outgoing.channel }))
    this.#changed()
    this.pump()
    return true
  }

  retry(messageId: string): boolean {
    const entry = this.#find(messageId)
    if (entry?.outgoing.status !== 'failed' || this.#closed !== null) {
      return false
    }
    const now = this.#env.clock.now()
    this.#order = Math.max(this.#order + 1, now)
    entry.renew(now, now + this.#options.ttlMs, this.#order)
    this.#entries = [...this.#entries.filter((other) => other !== entry), entry]
    this.#store.put(entry.stored)
    this.#changed()
    this.pump()
    return true
  }

  isWithheld(messageId: string): boolean {
    return this.#withheld.has(messageId)
  }

  awaitsOwn(channel: string): boolean {
    return this.#entries.some(
      ({ outgoing, echo }) => !echo && outgoing.status === 'sent' && outgoing.channel === channel,
    )
  }

  /** Sends what may be sent now. */
  pump(): void {
    const { link } = this.#host
    const limit = link?.welcome?.maxMessageBytes ?? Infinity
    if (link === null || !this.#loaded || this.#pause.pending || this.#closed !== null) {
      return
    }
    let free = this.#options.window - this.#entries.filter(({ outgoing }) => outgoing.status === 'sent').length
    const blocked = new Set<string>()
    for (const entry of [...this.#entries]) {
      const { status, channel, messageId } = entry.outgoing
      if (free <= 0) {
        break
      }
      if (status === 'queued' && !blocked.has(channel)) {
        if (entry.frameBytes > limit) {
          this.#fail(
            entry,
            new BroadcastError(
              'message-too-large',
              `the message has ${entry.frameBytes} bytes, and ${limit} are allowed`,
              { channel },
            ),
          )
        } else if (link.awaits(messageId)) {
          blocked.add(channel)
        } else {
          free--
          this.#send(entry, link)
        }
      }
      if (status !== 'failed' && this.#careful.has(channel)) {
        blocked.add(channel)
      }
    }
  }

  /** Ends everything; what is stored stays for the next client of this identity. */
  close(error: BroadcastError): void {
    this.#closed = error
    this.#expiry.clear()
    this.#pause.clear()
    for (const entry of this.#entries) {
      entry.reject(error)
    }
  }

  #send(entry: Entry, link: Link): void {
    const { channel, messageId } = entry.outgoing
    if (!entry.echo) {
      this.#withheld.add(messageId)
    }
    entry.become({ status: 'sent', attempts: entry.outgoing.attempts + 1 })
    this.#host.count('sent')
    this.#changed()
    link.write(messageId, entry.frame, (answer) => {
      this.#answered(entry, answer)
      if (!entry.echo) {
        const position = answer instanceof BroadcastError ? null : positionOf(answer)
        if (position === null) {
          this.#host.settled(channel)
        } else {
          this.#host.withheld(channel, position)
        }
      }
    })
  }

  #answered(entry: Entry, answer: Answer): void {
    if (this.#closed !== null || !this.#entries.includes(entry) || entry.outgoing.status !== 'sent') {
      return
    }
    const { channel } = entry.outgoing
    if (!(answer instanceof BroadcastError)) {
      this.#confirm(entry, answer)
    } else if (answer.code === 'connection-lost') {
      // The next link begins with it, in its order
      entry.become({ status: 'queued' })
      this.#changed()
      return
    } else if (isPassing(answer)) {
      entry.become({ status: 'queued' })
      if (answer.code !== 'timeout') {
        this.#careful.add(channel)
        this.#pause.set(answer.retryAfterMs ?? PAUSE_MS, () => {
          this.pump()
        })
      }
      this.#changed()
    } else {
      this.#fail(entry, answer)
    }
    this.pump()
  }

  #confirm(entry: Entry, data: AckData): void {
    const { channel, messageId } = entry.outgoing
    const position = positionOf(data) ?? { epoch: '', offset: 0 }
    this.#remove(entry)
    this.#host.count('confirmed')
    entry.become({ status: 'confirmed', position })
    const durability = data.durability as Accepted['durability']
    entry.resolve({ messageId, channel, position, durability, duplicate: data.duplicate === true })
    this.#changed()
  }

  #fail(entry: Entry, error: BroadcastError): void {
    entry.become({ status: 'failed', error })
    this.#host.count('failed')
    entry.reject(error)
    this.#changed()
  }

  async #load(): Promise<void> {
    const stored = await this.#store.load()
    const entries: Entry[] = []
    for (const one of stored) {
      if (this.#find(one.messageId) === undefined) {
        entries.push(new Entry(one, true))
      }
    }
    const given = this.#entries
    this.#entries = []
    for (const entry of [...entries, ...given]) {
      this.#add(entry)
    }
    this.#loaded = true
    this.#expire()
    this.#changed()
    this.pump()
  }

  /** @throws BroadcastError when there is no room for it */
  #admit({ bytes, outgoing: { channel } }: Entry, known: Entry | undefined): void {
    if (this.#closed !== null) {
      throw this.#closed
    }
    if (known !== undefined) {
      throw new BroadcastError(
        'invalid-request',
        `a message with this id waits for ${known.outgoing.channel}: use another id`,
        { channel },
      )
    }
    const { maxMessages, maxBytes } = this.#options
    const isFull = (): boolean => this.#entries.length >= maxMessages || this.#bytes + bytes > maxBytes
    for (const failed of this.#entries.filter(({ outgoing }) => outgoing.status === 'failed')) {
      if (isFull()) {
        this.#remove(failed)
      }
    }
    if (isFull()) {
      throw new BroadcastError('outbox-full', 'too many messages wait: try again when some have been confirmed', {
        channel,
      })
    }
  }

  #find(messageId: string): Entry | undefined {
    return this.#entries.find(({ outgoing }) => outgoing.messageId === messageId)
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.bytes
    this.#order = Math.max(this.#order, entry.stored.order)
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
    this.#bytes -= entry.bytes
    this.#store.delete(entry.outgoing.messageId)
    if (!this.#entries.some(({ outgoing }) => outgoing.channel === entry.outgoing.channel)) {
      this.#careful.delete(entry.outgoing.channel)
    }
  }

  #expire(): void {
    const now = this.#env.clock.now()
    for (const entry of this.#entries) {
      const { status, expiresAt, channel } = entry.outgoing
      if (status !== 'failed' && expiresAt <= now) {
        this.#fail(entry, new BroadcastError('expired', 'the message has waited too long', { channel }))
      }
    }
  }

  /** Whoever listens is told once for all changes of one turn. */
  #changed(): void {
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

  #watchExpiry(): void {
    const times = this.#entries
      .filter(({ outgoing }) => outgoing.status !== 'failed')
      .map(({ outgoing }) => outgoing.expiresAt)
    this.#expiry.clear()
    if (times.length > 0 && this.#closed === null) {
      this.#expiry.set(Math.max(0, Math.min(...times) - this.#env.clock.now()), () => {
        this.#expire()
        this.#watchExpiry()
        this.pump()
      })
    }
  }
}
