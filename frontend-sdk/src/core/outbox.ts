import { createListeners, oncePerTurn } from './calls.js'
import { randomId } from './environment.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { createEntry, queued } from './outbox-entry.js'
import type { Entry } from './outbox-entry.js'
import { createSender } from './outbox-sender.js'
import type { OutboxStore } from './outbox-store.js'
import type { Accepted, BroadcastOptions, Outbox, Outgoing, StoredOutgoing } from './outbox-types.js'
import { positionOf } from './protocol.js'
import type { AckData } from './protocol.js'

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

export function createOutbox(env: Environment): Outgoings {
  const { maxMessages = 1_000, maxBytes = 1_048_576, ttlMs: defaultTtlMs = 300_000 } = env.options.outbox ?? {}
  const listeners = createListeners<readonly Outgoing[]>(env.report)
  const expiry = env.timer()
  const store = env.options.outboxStorage?.serve(env)
  /** By messageId, in the order in which they were given. */
  const entries = new Map<string, Entry>()
  /** Those that are in the log and still to come to a subscriber, so that they are always shown by one or the other. */
  let arriving: readonly Outgoing[] = []
  /** What is shown of both; null when that has changed. */
  let messages: readonly Outgoing[] | null = null
  let order = 0
  let isLoaded = store === undefined

  const all = (): readonly Entry[] => [...entries.values()]

  const pending = (): readonly Entry[] => all().filter(({ outgoing }) => outgoing.status !== 'failed')

  const shown = (): readonly Outgoing[] =>
    (messages ??= Object.freeze([...arriving, ...all().map(({ outgoing }) => outgoing)]))

  const tell = oncePerTurn(() => {
    watchExpiry()
    listeners.emit(shown())
  })

  const changed = (): void => {
    messages = null
    env.changed()
    tell()
  }

  const become = (entry: Entry, change: Partial<Outgoing>): void => {
    entry.outgoing = Object.freeze({ ...entry.outgoing, ...change })
    changed()
  }

  const settle = (entry: Entry, outcome: Accepted | BroadcastError): void => {
    for (const told of entry.waiting.splice(0)) {
      told(outcome)
    }
  }

  const take = (entry: Entry): void => {
    const { messageId } = entry.outgoing
    entries.delete(messageId)
    entries.set(messageId, entry)
    store?.put(entry)
    changed()
    pump()
  }

  const remove = (entry: Entry): void => {
    entries.delete(entry.outgoing.messageId)
    store?.delete(entry.outgoing.messageId)
    changed()
  }

  const fail = (entry: Entry, error: BroadcastError): void => {
    become(entry, { status: 'failed', error })
    store?.put(entry)
    env.count('failed')
    settle(entry, error)
  }

  const expire = (): void => {
    for (const entry of pending()) {
      const { expiresAt, channel } = entry.outgoing
      if (expiresAt <= env.now()) {
        fail(entry, new BroadcastError('expired', 'the message has waited too long', { channel }))
      }
    }
    // The timer may have come too early
    watchExpiry()
    pump()
  }

  const watchExpiry = (): void => {
    const first = Math.min(...pending().map(({ outgoing }) => outgoing.expiresAt))
    expiry.clear()
    if (first < Infinity) {
      expiry.set(first - env.now(), expire)
    }
  }

  /** When what is given now was given, and its order: greater than all others, also than those of an earlier life of the page. */
  const times = (ttlMs: number): Pick<StoredOutgoing, 'queuedAt' | 'expiresAt' | 'order'> => {
    const queuedAt = env.now()
    order = Math.max(queuedAt, order + 1)
    return { queuedAt, expiresAt: queuedAt + ttlMs, order }
  }

  /**
   * Forgets failed ones for a new one, oldest first.
   *
   * @throws BroadcastError `outbox-full` when that does not do
   */
  const makeRoom = (wanted: Entry, channel: string): void => {
    let count = entries.size + 1
    let sum = all().reduce((bytes, entry) => bytes + entry.bytes, wanted.bytes)
    const forgotten: Entry[] = []
    const isFull = (): boolean => count > maxMessages || sum > maxBytes
    for (const entry of entries.values()) {
      if (isFull() && entry.outgoing.status === 'failed') {
        forgotten.push(entry)
        count--
        sum -= entry.bytes
      }
    }
    if (isFull()) {
      throw new BroadcastError('outbox-full', 'too many messages wait: try again later', { channel })
    }
    forgotten.forEach(remove)
  }

  /** @throws BroadcastError when it cannot be taken */
  const admit = (channel: string, data: unknown, how: BroadcastOptions, told: Entry['waiting'][number]): void => {
    const { messageId = randomId(), echo, ttlMs = defaultTtlMs } = how
    const known = entries.get(messageId)
    if (env.closed !== null) {
      throw env.closed
    }
    if (known?.outgoing.channel === channel) {
      known.waiting.push(told)
      outbox.retry(messageId)
      return
    }
    const entry = createEntry({ messageId, channel, data, ...times(ttlMs), ...(echo === false && { echo }) })
    if (known !== undefined) {
      const message = `a message with this id waits for ${known.outgoing.channel}: use another id`
      throw new BroadcastError('invalid-request', message, { channel })
    }
    makeRoom(entry, channel)
    entry.waiting.push(told)
    take(entry)
  }

  const pump = (): void => {
    if (isLoaded && env.closed === null) {
      sender.pump()
    }
  }

  const confirm = (entry: Entry, data: AckData): void => {
    const { channel, messageId } = entry.outgoing
    const position = positionOf(data) ?? { epoch: '', offset: 0 }
    const { durability = 'memory', duplicate = false } = data
    env.count('confirmed')
    become(entry, { status: 'confirmed', position })
    if (entry.echo && isArriving(entry.outgoing)) {
      arriving = [...arriving, entry.outgoing]
    }
    remove(entry)
    settle(entry, { messageId, channel, position, durability, duplicate })
  }

  const isArriving = ({ channel, position }: Outgoing): boolean =>
    env.channels.get(channel)?.isAwaiting(position) ?? false

  const load = async (from: OutboxStore): Promise<void> => {
    const stored: Entry[] = []
    await from.load((message) => stored.push(createEntry(message)))
    const given = all()
    entries.clear()
    for (const entry of [...stored, ...given]) {
      const { messageId } = entry.outgoing
      order = Math.max(order, entry.order)
      // What was given meanwhile takes the place of what is stored under its id
      entries.delete(messageId)
      entries.set(messageId, entry)
    }
    isLoaded = true
    changed()
    expire()
  }

  const sender = createSender(env, { entries, become, confirm, fail, pump })

  const outbox: Outgoings = {
    get messages() {
      return shown()
    },
    onChange: listeners.add,
    broadcast(channel, data, options = {}) {
      const promise = new Promise<Accepted>((resolve, reject) => {
        admit(channel, data, options, (outcome) => {
          if (outcome instanceof BroadcastError) {
            reject(outcome)
          } else {
            resolve(outcome)
          }
        })
      })
      // Nobody has to handle it, since the outbox shows what failed
      promise.catch(() => undefined)
      return promise
    },
    cancel(messageId) {
      const entry = entries.get(messageId)
      if (entry === undefined) {
        return false
      }
      remove(entry)
      const { channel } = entry.outgoing
      settle(entry, new BroadcastError('cancelled', 'the message was cancelled', { channel }))
      pump()
      return true
    },
    retry(messageId) {
      const entry = entries.get(messageId)
      if (entry?.outgoing.status !== 'failed' || env.closed !== null) {
        return false
      }
      const now = times(defaultTtlMs)
      entry.order = now.order
      entry.outgoing = queued({ ...entry.outgoing, ...now }, entry.outgoing.attempts)
      take(entry)
      return true
    },
    get hasPending() {
      return pending().length > 0
    },
    pump,
    isWithheld: sender.isWithheld,
    awaitsOwn: (channel) =>
      all().some(({ outgoing, echo }) => !echo && outgoing.status === 'sent' && outgoing.channel === channel),
    arrived() {
      const still = arriving.filter(isArriving)
      if (still.length < arriving.length) {
        arriving = still
        changed()
      }
    },
    close(error) {
      arriving = []
      messages = null
      for (const entry of entries.values()) {
        settle(entry, error)
      }
    },
  }

  if (store !== undefined) {
    void load(store)
  }
  return outbox
}
