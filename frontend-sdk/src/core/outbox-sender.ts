import { isPassing } from './asks.js'
import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Answer, Link } from './link.js'
import type { Entry } from './outbox-entry.js'
import type { OutboxList } from './outbox-list.js'
import { positionOf } from './protocol.js'
import type { AckData } from './protocol.js'
import { Recent } from './recent.js'
import type { Position } from './types.js'

export interface SenderHost {
  readonly link: Link | null
  /** The state of a message is another one. */
  changed(): void
  written(): void
  confirm(entry: Entry, data: AckData): void
  fail(entry: Entry, error: BroadcastError): void
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
 * Sends the messages of a list in the order of their channel, several at a time, until each is in the log: again under the same id
 * when there was no answer, and later when the server was busy. After a refusal its channel goes on one message at a time, since
 * what was sent behind the refused one may have overtaken it.
 */
export class OutboxSender {
  readonly #list: OutboxList
  readonly #window: number
  readonly #host: SenderHost
  readonly #pause: Timer
  readonly #withheld = new Recent(MOST_WITHHELD)
  /** Channels that have had a refusal since they were last empty. */
  readonly #careful = new Set<string>()

  constructor(env: Environment, list: OutboxList, window: number, host: SenderHost) {
    this.#list = list
    this.#window = window
    this.#host = host
    this.#pause = new Timer(env.clock)
  }

  isWithheld(messageId: string): boolean {
    return this.#withheld.has(messageId)
  }

  /** Sends what may be sent now. */
  pump(): void {
    const { link } = this.#host
    if (link === null || this.#pause.pending) {
      return
    }
    let free = this.#window - this.#list.sent
    const blocked = new Set<string>()
    for (const entry of this.#list.entries) {
      const { status, channel, messageId } = entry.outgoing
      if (free <= 0) {
        return
      }
      if (status === 'queued' && !blocked.has(channel)) {
        // The same id may be on its way for a message that was cancelled
        if (link.awaits(messageId)) {
          blocked.add(channel)
        } else if (this.#send(entry, link)) {
          free--
        }
      }
      if (status !== 'failed' && this.#careful.has(channel)) {
        blocked.add(channel)
      }
    }
  }

  /** A message is no longer in the list. */
  removed({ outgoing: { channel } }: Entry): void {
    if (!this.#list.hasChannel(channel)) {
      this.#careful.delete(channel)
    }
  }

  stop(): void {
    this.#pause.clear()
  }

  #send(entry: Entry, link: Link): boolean {
    const { channel, messageId, attempts } = entry.outgoing
    const limit = link.welcome?.maxMessageBytes ?? Infinity
    if (entry.frameBytes > limit) {
      const message = `the message has ${entry.frameBytes} bytes, and ${limit} are allowed`
      this.#host.fail(entry, new BroadcastError('message-too-large', message, { channel }))
      return false
    }
    if (!entry.echo) {
      this.#withheld.add(messageId)
    }
    entry.become({ status: 'sent', attempts: attempts + 1 })
    this.#host.written()
    link.write(messageId, entry.frame, (answer) => {
      this.#answered(entry, answer)
      if (!entry.echo) {
        this.#fills(channel, answer)
      }
    })
    return true
  }

  #answered(entry: Entry, answer: Answer): void {
    const { channel, status } = entry.outgoing
    if (!this.#list.has(entry) || status !== 'sent') {
      this.pump()
      return
    }
    if (!(answer instanceof BroadcastError)) {
      this.#host.confirm(entry, answer)
    } else if (isPassing(answer)) {
      entry.become({ status: 'queued' })
      this.#host.changed()
      if (answer.code === 'connection-lost') {
        // The next link begins with it, in its order
        return
      }
      if (answer.code !== 'timeout') {
        this.#careful.add(channel)
        this.#pause.set(answer.retryAfterMs ?? PAUSE_MS, () => {
          this.pump()
        })
      }
    } else {
      this.#host.fail(entry, answer)
    }
    this.pump()
  }

  #fills(channel: string, answer: Answer): void {
    const position = answer instanceof BroadcastError ? null : positionOf(answer)
    if (position === null) {
      this.#host.settled(channel)
    } else {
      this.#host.withheld(channel, position)
    }
  }
}
