import type { Asks } from './asks.js'
import { isPassing } from './asks.js'
import { Timer } from './clock.js'
import { Cursor } from './cursor.js'
import type { Page } from './cursor.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { Funnel } from './funnel.js'
import { pageOf } from './history.js'
import type { Answer, Link } from './link.js'
import { needOf, sameStart } from './need.js'
import type { Need } from './need.js'
import { EVERYONE, positionOf } from './protocol.js'
import type { AckData, MessageFrame, Publication, SubscribeCommand } from './protocol.js'
import { PresenceFeed } from './presence-feed.js'
import { Snapshots } from './snapshots.js'
import type { Loader } from './snapshots.js'
import { isGap, Subscriber } from './subscriber.js'
import type { Item, SubscriberHost } from './subscriber.js'
import type { Gap, Member, Message, Position, StandardSchema, SubscribeOptions } from './types.js'

/** The client of a channel. */
export interface ChannelHost {
  readonly env: Environment
  readonly asks: Asks
  readonly lingerMs: number
  readonly link: Link | null
  readonly schema: StandardSchema | undefined
  /** Whether it is a publication that this client wanted not to get. */
  isWithheld(messageId: string): boolean
  awaitsOwn(channel: string): boolean
  count(name: 'delivered' | 'duplicates' | 'gaps'): void
  recycle(reason: string): void
  /** Nobody wants it any more, and the linger time is over. */
  abandoned(channel: Channel): void
}

/** The pause before a subscribe is tried again when the server does not say how long. */
const RETRY_MS = 1_000

/** One channel that somebody wants: keeps the server's idea of it equal to what all subscribers together need. */
export class Channel implements SubscriberHost {
  readonly name: string
  readonly env: Environment
  readonly #host: ChannelHost
  readonly #cursor: Cursor
  readonly #funnel: Funnel
  readonly #presence: PresenceFeed
  readonly #snapshots: Snapshots
  readonly #subscribers = new Set<Subscriber>()
  readonly #linger: Timer
  readonly #retry: Timer
  /** What the server knows on this link; null when it does not know the channel. */
  #told: Need | null = null
  /** A command is on its way. */
  #busy = false
  #scheduled = false
  /** Why the server refused it. */
  #error: BroadcastError | null = null

  constructor(name: string, host: ChannelHost) {
    this.name = name
    this.env = host.env
    this.#host = host
    this.#linger = new Timer(host.env.clock)
    this.#retry = new Timer(host.env.clock)
    this.#funnel = new Funnel(name, host.env, host.schema, (item) => {
      this.#distribute(item)
    })
    this.#cursor = new Cursor(name, {
      deliver: (message) => {
        if (!host.isWithheld(message.messageId)) {
          this.#funnel.put(message)
        }
      },
      lose: (gap) => {
        this.#funnel.put(gap)
      },
      duplicate: () => {
        host.count('duplicates')
      },
      history: (since, limit) => this.history(since, limit, () => this.#subscribers.size > 0),
      awaitsOwn: () => host.awaitsOwn(name),
      astray: () => {
        host.recycle(`the stream of ${name} began anew`)
      },
    })
    this.#presence = new PresenceFeed(name, host.asks, this.#subscribers)
    this.#snapshots = new Snapshots(host.env, name, (loader) =>
      [...this.#subscribers].some(({ options }) => options.snapshot === loader),
    )
  }

  get position(): Position | null {
    return this.#cursor.position
  }

  /** Where to resume with others in one command; null when it takes a subscribe. */
  get resumable(): Position | null {
    const need = needOf(this.#subscribers, this.env)
    return this.#subscribers.size > 0 && need.infoText === undefined && !need.presence ? this.position : null
  }

  add(options: SubscribeOptions): Subscriber {
    const subscriber = new Subscriber(this, options)
    this.#subscribers.add(subscriber)
    this.#linger.clear()
    this.#error = null
    if (this.#told !== null && this.position !== null) {
      subscriber.activate(this.position, startsElsewhere(options))
      this.#presence.changed()
    }
    this.changed()
    return subscriber
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
    if (subscriber.options.snapshot !== undefined) {
      this.#snapshots.forget(subscriber.options.snapshot)
    }
    if (this.#subscribers.size > 0) {
      this.changed()
    } else {
      this.#linger.set(this.#host.lingerMs, () => {
        this.#retry.clear()
        this.#host.abandoned(this)
      })
    }
  }

  /** What is needed may have changed; changes of one turn are told to the server together. */
  changed(): void {
    if (!this.#scheduled) {
      this.#scheduled = true
      queueMicrotask(() => {
        this.#scheduled = false
        this.sync()
      })
    }
  }

  /** There is a new link, which knows nothing of this channel. */
  opened(): void {
    this.#forgetLink()
    this.#retry.clear()
    this.#error = null
  }

  /** There is no link. */
  lost(): void {
    this.#forgetLink()
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.state.status === 'active') {
        subscriber.become({ status: 'pending' })
      }
    }
  }

  /** A resume for this channel is on its way; its outcome goes to {@link resumed} or {@link refused}. */
  resuming(): void {
    this.#busy = true
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

  resumed(data: AckData): void {
    this.#accepted(data, { info: undefined, infoText: undefined, presence: false }, this.position, null)
  }

  refused(error: BroadcastError): void {
    this.#busy = false
    if (error.code === 'connection-lost') {
      return
    }
    if (error.code === 'timeout') {
      this.#host.recycle(`no answer to the subscribe of ${this.name}`)
    } else if (isPassing(error)) {
      this.#retry.set(error.retryAfterMs ?? RETRY_MS, () => {
        this.sync()
      })
    } else if (this.#told !== null) {
      // It is subscribed as before, and only the change was refused
      this.#told = needOf(this.#subscribers, this.env)
      this.env.report(error)
    } else {
      this.#error = error
      for (const subscriber of [...this.#subscribers]) {
        subscriber.become({ status: 'failed', error })
      }
    }
  }

  /** What comes before the ack belongs to another subscription, and comes again. */
  message(frame: MessageFrame): void {
    if (this.#told !== null) {
      this.#cursor.message(frame)
    }
  }

  gap(gap: Gap): void {
    if (this.#told !== null) {
      this.#cursor.gap(gap)
    }
  }

  /** Joins and leaves were lost: only asking again tells who is there. */
  presenceGap(): void {
    const { link } = this.#host
    if (link !== null && this.#told?.presence === true && !this.#busy) {
      this.#subscribe(link, needOf(this.#subscribers, this.env), {}, { presence: true })
    }
  }

  joined(member: Member): void {
    this.#presence.join(member)
  }

  left(member: Member): void {
    this.#presence.leave(member)
  }

  /** This client's own publication is in the log, and is withheld from it. */
  withheld(position: Position): void {
    this.#cursor.withheld(position)
  }

  /** A publication of this client will fill no hole. */
  settle(): void {
    this.#cursor.settle()
  }

  /** The client is closed. */
  end(): void {
    this.#linger.clear()
    this.#retry.clear()
    this.#cursor.interrupt()
    for (const subscriber of [...this.#subscribers]) {
      subscriber.end()
    }
    this.#subscribers.clear()
  }

  /** Takes the channel off the server's list. */
  leave(wanted: () => boolean): void {
    const { link, asks } = this.#host
    this.#cursor.interrupt()
    if (link !== null && (this.#told !== null || this.#busy) && this.name !== EVERYONE) {
      link.request({ type: 'unsubscribe', channel: this.name }, (answer) => {
        if (answer instanceof BroadcastError && isPassing(answer) && this.#host.link === link) {
          asks.insist({ type: 'unsubscribe', channel: this.name }, () => !wanted()).catch(this.env.report)
        }
      })
    }
  }

  async history(since: Position | null, limit: number, wanted: () => boolean): Promise<Page | null> {
    try {
      const command = { type: 'history', channel: this.name, since: since ?? undefined, limit } as const
      return pageOf(this.name, await this.#host.asks.insist(command, wanted))
    } catch {
      return null
    }
  }

  async check(publication: Publication, epoch: string): Promise<Message | null> {
    const { data, messageId, offset, timestamp } = publication
    return this.#host.isWithheld(messageId)
      ? null
      : this.#funnel.check(Object.freeze({ channel: this.name, data, messageId, offset, epoch, timestamp }))
  }

  snapshot(loader: Loader, reason: Gap | null): Promise<void> {
    return this.#snapshots.load(loader, reason)
  }

  #forgetLink(): void {
    this.#told = null
    this.#busy = false
    this.#cursor.interrupt()
    this.#presence.forget()
  }

  /** Brings the server's idea of the channel up to date, now. */
  sync(): void {
    const { link } = this.#host
    if (link === null || this.#busy || this.#retry.pending || this.#error !== null || this.#subscribers.size === 0) {
      return
    }
    const need = needOf(this.#subscribers, this.env)
    const told = this.#told
    if (told === null) {
      this.#begin(link, need)
    } else if (told.infoText !== undefined && need.infoText === undefined) {
      // Only who leaves is no member any more; what is asked about one channel takes effect in order
      link.request({ type: 'unsubscribe', channel: this.name }, () => undefined)
      this.#told = null
      this.#begin(link, need)
    } else if (told.infoText !== need.infoText || told.presence !== need.presence) {
      const presence = told.presence === need.presence ? undefined : need.presence
      this.#subscribe(link, need, {}, { presence, info: told.infoText === need.infoText ? undefined : need.info })
    }
  }

  #begin(link: Link, need: Need): void {
    const since = this.position
    const start = since === null ? sameStart(this.#subscribers) : { since }
    this.#subscribe(link, need, start, { info: need.info, presence: need.presence || undefined })
  }

  #subscribe(
    link: Link,
    need: Need,
    start: Pick<SubscribeCommand, 'since' | 'last'>,
    rest: Pick<SubscribeCommand, 'info' | 'presence'>,
  ): void {
    const covered = new Set(this.#subscribers)
    this.#busy = true
    link.request({ type: 'subscribe', channel: this.name, ...start, ...rest }, (answer: Answer) => {
      if (this.#host.link !== link) {
        return
      }
      if (answer instanceof BroadcastError) {
        this.refused(answer)
      } else {
        this.#accepted(
          answer,
          need,
          start.since ?? null,
          start.last === undefined && start.since === undefined ? null : covered,
        )
      }
    })
  }

  /** @param covered those whose start was part of the command; null when it had none, or only went on */
  #accepted(data: AckData, need: Need, since: Position | null, covered: ReadonlySet<Subscriber> | null): void {
    this.#busy = false
    const position = positionOf(data)
    if (position === null) {
      this.refused(
        new BroadcastError('internal-error', 'the server did not say where the subscription stands', {
          channel: this.name,
        }),
      )
      return
    }
    const first = this.position === null
    if (this.#told === null) {
      this.#cursor.begin(position, data.recovered !== false, since)
    }
    this.#told = need
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.state.status !== 'active') {
        const replays = first && covered !== null ? !covered.has(subscriber) : startsElsewhere(subscriber.options)
        subscriber.activate(this.position ?? position, replays)
      }
    }
    if (data.presence !== undefined) {
      this.#presence.begin(data.presence)
    } else if (!need.presence) {
      this.#presence.forget()
    }
    this.sync()
  }

  #distribute(item: Item): void {
    this.#host.count(isGap(item) ? 'gaps' : 'delivered')
    for (const subscriber of [...this.#subscribers]) {
      subscriber.take(item)
    }
  }
}

/** Whether this subscriber wants more than what comes from now on. */
function startsElsewhere({ since, last }: SubscribeOptions): boolean {
  return since !== undefined || last !== undefined
}
