import type { Asks } from './asks.js'
import { Timer } from './clock.js'
import { Cursor } from './cursor.js'
import type { Page } from './cursor.js'
import type { Environment } from './environment.js'
import type { BroadcastError } from './errors.js'
import { Funnel } from './funnel.js'
import { pageOf } from './history.js'
import type { Link } from './link.js'
import { needOf, sameStart } from './need.js'
import type { Need } from './need.js'
import { PresenceFeed } from './presence-feed.js'
import type { MessageFrame, Publication } from './protocol.js'
import { Registration } from './registration.js'
import type { RegistrationHost, Start } from './registration.js'
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

/** One channel that somebody wants: its subscribers, and the way of a publication to them. */
export class Channel implements SubscriberHost, RegistrationHost {
  readonly name: string
  readonly env: Environment
  readonly asks: Asks
  /** What the server knows of it. */
  readonly registration: Registration
  readonly #host: ChannelHost
  readonly #cursor: Cursor
  readonly #funnel: Funnel
  readonly #presence: PresenceFeed
  readonly #snapshots: Snapshots
  readonly #subscribers = new Set<Subscriber>()
  readonly #linger: Timer
  /** Those whose start was part of the first subscribe; null when it had none. */
  #covered: ReadonlySet<Subscriber> | null = null
  #scheduled = false

  constructor(name: string, host: ChannelHost) {
    this.name = name
    this.env = host.env
    this.asks = host.asks
    this.#host = host
    this.registration = new Registration(name, this)
    this.#linger = new Timer(host.env.clock)
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

  // Its subscribers

  get position(): Position | null {
    return this.#cursor.position
  }

  add(options: SubscribeOptions): Subscriber {
    const subscriber = new Subscriber(this, options)
    this.#subscribers.add(subscriber)
    this.#linger.clear()
    this.registration.again()
    if (this.registration.stands && this.position !== null) {
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
        this.registration.sync()
      })
    }
  }

  async history(since: Position | null, limit: number, wanted: () => boolean): Promise<Page | null> {
    try {
      const command = { type: 'history', channel: this.name, since: since ?? undefined, limit } as const
      return pageOf(this.name, await this.asks.insist(command, wanted))
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

  // The link

  get link(): Link | null {
    return this.#host.link
  }

  /** Where to resume with others in one command; null when it takes a subscribe. */
  get resumable(): Position | null {
    const need = this.need()
    return need !== null && need.infoText === undefined && !need.presence ? this.position : null
  }

  /** There is a new link, which knows nothing of this channel. */
  opened(): void {
    this.registration.forget()
    this.#cursor.interrupt()
    this.#presence.forget()
  }

  /** There is no link. */
  lost(): void {
    this.opened()
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.state.status === 'active') {
        subscriber.become({ status: 'pending' })
      }
    }
  }

  /** The client is closed. */
  end(): void {
    this.#linger.clear()
    this.opened()
    for (const subscriber of [...this.#subscribers]) {
      subscriber.end()
    }
    this.#subscribers.clear()
  }

  // What the server says of the subscription

  need(): Need | null {
    return this.#subscribers.size === 0 ? null : needOf(this.#subscribers, this.env)
  }

  start(): Start {
    if (this.position !== null) {
      return { since: this.position }
    }
    const start = sameStart(this.#subscribers)
    this.#covered = start.since === undefined && start.last === undefined ? null : new Set(this.#subscribers)
    return start
  }

  begun(position: Position, recovered: boolean, since: Position | null): void {
    const covered = this.position === null ? this.#covered : null
    this.#cursor.begin(position, recovered, since)
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.state.status !== 'active') {
        const replays = covered === null ? startsElsewhere(subscriber.options) : !covered.has(subscriber)
        subscriber.activate(this.position ?? position, replays)
      }
    }
  }

  presence(page: unknown): void {
    if (page === undefined) {
      this.#presence.forget()
    } else {
      this.#presence.begin(page)
    }
  }

  failed(error: BroadcastError): void {
    for (const subscriber of [...this.#subscribers]) {
      subscriber.become({ status: 'failed', error })
    }
  }

  recycle(reason: string): void {
    this.#host.recycle(reason)
  }

  // What comes; before the ack it belongs to another subscription, and comes again

  message(frame: MessageFrame): void {
    if (this.registration.stands) {
      this.#cursor.message(frame)
    }
  }

  gap(gap: Gap): void {
    if (this.registration.stands) {
      this.#cursor.gap(gap)
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
