import { isPassing } from './asks.js'
import type { Asks } from './asks.js'
import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import type { Need } from './need.js'
import { EVERYONE, positionOf } from './protocol.js'
import type { AckData, SubscribeCommand } from './protocol.js'
import type { Position } from './types.js'

/** Where a subscription begins. */
export type Start = Pick<SubscribeCommand, 'since' | 'last'>

/** The channel that is registered. */
export interface RegistrationHost {
  readonly env: Environment
  readonly asks: Asks
  readonly link: Link | null
  /** What is wanted of the server; null when nobody wants the channel at present. */
  need(): Need | null
  /** Where to begin, asked when a subscribe goes out. */
  start(): Start
  /** A subscription has begun. */
  begun(position: Position, recovered: boolean, since: Position | null): void
  /** Who is there, from an ack; undefined when it is not followed. */
  presence(page: unknown): void
  /** The server refuses the channel. */
  failed(error: BroadcastError): void
  recycle(reason: string): void
}

/** The pause before a subscribe is tried again when the server does not say how long. */
const RETRY_MS = 1_000

const NOTHING: Need = { info: undefined, infoText: undefined, presence: false }

/** What the server knows of one channel on the present link, kept equal to what is needed. One command at a time is on its way. */
export class Registration {
  readonly #channel: string
  readonly #host: RegistrationHost
  readonly #retry: Timer
  /** What the server was told; null when it does not know the channel. */
  #told: Need | null = null
  #busy = false
  #failed = false
  /** Joins and leaves were lost since the server last told who is there. */
  #isStale = false

  constructor(channel: string, host: RegistrationHost) {
    this.#channel = channel
    this.#host = host
    this.#retry = new Timer(host.env.clock)
  }

  /** Whether what the server sends belongs to a subscription that it has acknowledged. */
  get stands(): boolean {
    return this.#told !== null
  }

  /** The link is another one, or gone. */
  forget(): void {
    this.#told = null
    this.#busy = false
    this.#failed = false
    this.#isStale = false
    this.#retry.clear()
  }

  /** What was refused may be asked again. */
  again(): void {
    this.#failed = false
  }

  /** Tells the server what has changed, if anything has. */
  sync(): void {
    const { link } = this.#host
    const need = this.#host.need()
    if (link === null || need === null || this.#busy || this.#failed || this.#retry.pending) {
      return
    }
    const told = this.#told
    if (told === null) {
      this.#begin(link, need)
    } else if (told.infoText !== undefined && need.infoText === undefined) {
      // Only who leaves is no member any more; what is asked about one channel takes effect in order
      link.request({ type: 'unsubscribe', channel: this.#channel }, () => undefined)
      this.#told = null
      this.#begin(link, need)
    } else if (told.infoText !== need.infoText || told.presence !== need.presence) {
      const presence = told.presence === need.presence ? undefined : need.presence
      const info = told.infoText === need.infoText ? undefined : need.info
      this.#subscribe(link, need, { presence, info })
    } else if (this.#isStale && told.presence) {
      this.#subscribe(link, told, { presence: true })
    }
  }

  /** A resume for this channel is on its way; its outcome goes to one of the next three. */
  resuming(): void {
    this.#busy = true
  }

  resumed(data: AckData, since: Position | null): void {
    this.#accepted(data, NOTHING, since)
  }

  /** The whole resume was refused, perhaps for another channel: each asks for itself. */
  notResumed(error: BroadcastError): void {
    if (isPassing(error)) {
      this.refused(error)
    } else {
      this.#busy = false
      this.sync()
    }
  }

  refused(error: BroadcastError): void {
    this.#busy = false
    if (error.code === 'timeout') {
      this.#host.recycle(`no answer to the subscribe of ${this.#channel}`)
    } else if (error.code !== 'connection-lost' && isPassing(error)) {
      this.#retry.set(error.retryAfterMs ?? RETRY_MS, () => {
        this.sync()
      })
    } else if (error.code !== 'connection-lost') {
      this.#refusedForGood(error)
    }
  }

  /** Joins and leaves were lost: only asking again tells who is there. */
  askPresence(): void {
    this.#isStale = true
    this.sync()
  }

  /** Takes the channel off the server's list, unless somebody wants it again meanwhile. */
  leave(isWanted: () => boolean): void {
    const { link, asks } = this.#host
    const known = this.#told !== null || this.#busy
    this.forget()
    if (link !== null && known && this.#channel !== EVERYONE) {
      const command = { type: 'unsubscribe', channel: this.#channel } as const
      link.request(command, (answer) => {
        if (answer instanceof BroadcastError && isPassing(answer) && this.#host.link === link && !isWanted()) {
          // Also when it fails: on the next link the server knows nothing of it
          asks.insist(command, () => !isWanted()).catch(() => undefined)
        }
      })
    }
  }

  #begin(link: Link, need: Need): void {
    const start = this.#host.start()
    this.#subscribe(link, need, { ...start, info: need.info, presence: need.presence || undefined })
  }

  #subscribe(link: Link, need: Need, rest: Omit<SubscribeCommand, 'type' | 'channel'>): void {
    this.#busy = true
    link.request({ type: 'subscribe', channel: this.#channel, ...rest }, (answer) => {
      if (this.#host.link !== link) {
        return
      }
      if (answer instanceof BroadcastError) {
        this.refused(answer)
      } else {
        this.#accepted(answer, need, rest.since ?? null)
      }
    })
  }

  #accepted(data: AckData, need: Need, since: Position | null): void {
    const position = positionOf(data)
    const begins = this.#told === null
    this.#busy = false
    if (position === null) {
      this.#refusedForGood(new BroadcastError('internal-error', 'the server did not say where the subscription stands'))
      return
    }
    this.#told = need
    this.#isStale &&= data.presence === undefined
    if (begins) {
      this.#host.begun(position, data.recovered !== false, since)
    }
    if (data.presence !== undefined || !need.presence) {
      this.#host.presence(data.presence)
    }
    this.sync()
  }

  #refusedForGood(error: BroadcastError): void {
    if (this.#told === null) {
      this.#failed = true
      this.#host.failed(error)
    } else {
      // It is subscribed as before, and only the change was refused
      this.#told = this.#host.need() ?? this.#told
      this.#host.env.report(error)
    }
  }
}
