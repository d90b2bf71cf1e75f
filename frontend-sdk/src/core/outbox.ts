import { createListeners, oncePerTurn } from './calls.js'
import { randomId } from './environment.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { become, createEntry, renew } from './outbox-entry.js'
import type { Entry } from './outbox-entry.js'
import { createSender } from './outbox-sender.js'
import type { SenderHost } from './outbox-sender.js'
import { positionOf } from './protocol.js'
import type { Accepted, BroadcastOptions, Outbox, Outgoing } from './outbox-types.js'
import type { Position } from './types.js'

/** The messages on their way, from the application to their end. */
export interface Outgoings extends Outbox {
  /** Whether any waits to be confirmed. */
  readonly hasPending: boolean
  readonly broadcast: (channel: string, data: unknown, options?: BroadcastOptions) => Promise<Accepted>
  /** Sends what may be sent now. */
  readonly pump: () => void
  /** Whether it is a publication that this client wanted not to get. */
  readonly isWithheld: (messageId: string) => boolean
  /** Whether such a one is on its way. */
  readonly awaitsOwn: (channel: string) => boolean
  /** What has come over a channel may be what was awaited of a message that is in the log. */
  readonly arrived: () => void
  /** Ends everything; what is stored stays for the next client of this identity. */
  readonly close: (error: BroadcastError) => void
}

/** The channels of the client. */
export interface OutboxHost extends Pick<SenderHost, 'withheld'> {
  /** Whether a subscriber is to get what is in the log at that position. */
  readonly isAwaiting: (channel: string, position: Position | undefined) => boolean
}

export function createOutbox(env: Environment, { withheld, isAwaiting }: OutboxHost): Outgoings {
  const { maxMessages = 1_000, maxBytes = 1_048_576, ttlMs: defaultTtlMs = 300_000 } = env.options.outbox ?? {}
  const listeners = createListeners<readonly Outgoing[]>(env.report)
  const expiry = env.timer()
  const store = env.options.outboxStorage?.serve(env)
  /** By messageId, in the order in which they were given. */
  let entries = new Map<string, Entry>()
  /** Of all entries. */
  let bytes = 0
  /** Those that are in the log and still to come to a subscriber, so that they are always shown by one or the other. */
  let arriving: readonly Outgoing[] = []
  let order = 0
  let isLoaded = store === undefined
  let closed: BroadcastError | null = null
  /** What is shown of the entries; null when that has changed. */
  let messages: readonly Outgoing[] | null = null

  const shown = (): readonly Outgoing[] =>
    (messages ??= Object.freeze([...arriving, ...[...entries.values()].map(({ outgoing }) => outgoing)]))

  const isPending = ({ outgoing }: Entry): boolean => outgoing.status !== 'failed'

  const pendingOnes = (): readonly Entry[] => [...entries.values()].filter(isPending)

  const tell = oncePerTurn(() => {
    watchExpiry()
    listeners.emit(shown())
  })

  const changed = (): void => {
    messages = null
    env.changed()
    tell()
  }

  const pump = (): void => {
    if (isLoaded && closed === null) {
      sender.pump()
    }
  }

  const take = (entry: Entry): void => {
    const { messageId } = entry.outgoing
    if (!entries.delete(messageId)) {
      bytes += entry.bytes
    }
    entries.set(messageId, entry)
    store?.put(entry.stored)
    changed()
    pump()
  }

  const remove = (entry: Entry): void => {
    entries.delete(entry.outgoing.messageId)
    bytes -= entry.bytes
    store?.delete(entry.outgoing.messageId)
    changed()
  }

  const fail = (entry: Entry, error: BroadcastError): void => {
    become(entry, { status: 'failed', error })
    // A reload is no reason to send it again
    store?.put((entry.stored = { ...entry.stored, expiresAt: Math.min(entry.stored.expiresAt, env.now()) }))
    env.count('failed')
    entry.reject(error)
    changed()
  }

  /** When what is given now was given, and its order: greater than all others, also than those of an earlier life of the page. */
  const times = (ttlMs: number): { queuedAt: number; expiresAt: number; order: number } => {
    const queuedAt = env.now()
    order = Math.max(queuedAt, order + 1)
    return { queuedAt, expiresAt: queuedAt + ttlMs, order }
  }

  const expire = (): void => {
    const now = env.now()
    for (const entry of pendingOnes()) {
      const { expiresAt, channel } = entry.outgoing
      if (expiresAt <= now) {
        fail(entry, new BroadcastError('expired', 'the message has waited too long', { channel }))
      }
    }
    // The timer may have come too early
    watchExpiry()
    pump()
  }

  const watchExpiry = (): void => {
    const first = Math.min(...pendingOnes().map(({ outgoing }) => outgoing.expiresAt))
    expiry.clear()
    if (first < Infinity && closed === null) {
      expiry.set(first - env.now(), expire)
    }
  }

  /** Failed ones are forgotten for the new one, oldest first. */
  const hasRoomFor = (wanted: Entry): boolean => {
    const isFull = (count: number, sum: number): boolean => count >= maxMessages || sum + wanted.bytes > maxBytes
    if (isFull(entries.size, bytes)) {
      const pending = pendingOnes()
      if (
        isFull(
          pending.length,
          pending.reduce((sum, entry) => sum + entry.bytes, 0),
        )
      ) {
        return false
      }
      for (const entry of entries.values()) {
        if (!isPending(entry) && isFull(entries.size, bytes)) {
          remove(entry)
        }
      }
    }
    return true
  }

  /** @throws BroadcastError when it cannot be taken */
  const admit = (channel: string, data: unknown, options: BroadcastOptions): Entry => {
    const { messageId = randomId(), echo = true, ttlMs = defaultTtlMs } = options
    const known = entries.get(messageId)
    if (closed !== null) {
      throw closed
    }
    if (known?.outgoing.channel === channel) {
      outbox.retry(messageId)
      return known
    }
    const entry = createEntry({ messageId, channel, data, ...times(ttlMs), ...(echo ? {} : { echo }) })
    if (known !== undefined) {
      const message = `a message with this id waits for ${known.outgoing.channel}: use another id`
      throw new BroadcastError('invalid-request', message, { channel })
    }
    if (!hasRoomFor(entry)) {
      throw new BroadcastError('outbox-full', 'too many messages wait: try again when some have been confirmed', {
        channel,
      })
    }
    take(entry)
    return entry
  }

  const outbox: Outgoings = {
    get messages() {
      return shown()
    },
    onChange: listeners.add,
    broadcast(channel, data, options = {}) {
      try {
        return admit(channel, data, options).promise
      } catch (error) {
        return rejected(error as BroadcastError)
      }
    },
    cancel(messageId) {
      const entry = entries.get(messageId)
      if (entry === undefined) {
        return false
      }
      remove(entry)
      entry.reject(new BroadcastError('cancelled', 'the message was cancelled', { channel: entry.outgoing.channel }))
      pump()
      return true
    },
    retry(messageId) {
      const entry = entries.get(messageId)
      if (entry?.outgoing.status !== 'failed' || closed !== null) {
        return false
      }
      renew(entry, times(defaultTtlMs))
      take(entry)
      return true
    },
    get hasPending() {
      return [...entries.values()].some(isPending)
    },
    pump,
    isWithheld: (messageId) => sender.isWithheld(messageId),
    awaitsOwn: (channel) =>
      [...entries.values()].some(
        ({ outgoing, stored }) => stored.echo === false && outgoing.status === 'sent' && outgoing.channel === channel,
      ),
    arrived() {
      const still = arriving.filter(({ channel, position }) => isAwaiting(channel, position))
      if (still.length < arriving.length) {
        arriving = still
        changed()
      }
    },
    close(error) {
      closed = error
      arriving = []
      messages = null
      expiry.clear()
      sender.stop()
      for (const entry of entries.values()) {
        entry.reject(error)
      }
    },
  }

  const sender = createSender(env, {
    get entries() {
      return entries
    },
    changed,
    confirm(entry, data) {
      const { channel, messageId } = entry.outgoing
      const position = positionOf(data) ?? { epoch: '', offset: 0 }
      const { durability = 'memory', duplicate = false } = data
      remove(entry)
      env.count('confirmed')
      become(entry, { status: 'confirmed', position })
      if (entry.stored.echo !== false && isAwaiting(channel, position)) {
        arriving = [...arriving, entry.outgoing]
      }
      entry.resolve({ messageId, channel, position, durability, duplicate })
    },
    fail,
    withheld,
  })

  const load = async (): Promise<void> => {
    const stored: Entry[] = []
    await store?.load((message) => stored.push(createEntry(message)))
    const given = entries
    entries = new Map()
    for (const entry of stored) {
      if (!given.has(entry.outgoing.messageId)) {
        entries.set(entry.outgoing.messageId, entry)
        bytes += entry.bytes
        order = Math.max(order, entry.stored.order)
      }
    }
    given.forEach((entry, messageId) => entries.set(messageId, entry))
    isLoaded = true
    changed()
    expire()
  }

  if (!isLoaded) {
    void load()
  }
  return outbox
}

/** A rejection that nobody has to handle. */
function rejected(error: BroadcastError): Promise<never> {
  const promise = Promise.reject(error)
  promise.catch(() => undefined)
  return promise
}
