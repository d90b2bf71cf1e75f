import type { Page } from './cursor.js'
import { guarded } from './environment.js'
import type { Environment } from './environment.js'
import type { Publication } from './protocol.js'
import type { Loader } from './snapshots.js'
import type { Gap, Message, Position, Presence, SubscribeOptions, Subscription, SubscriptionState } from './types.js'

/** What a channel delivers, in the order of its stream. */
export type Item = Message | Gap

/** The channel of a subscriber, as far as the subscriber needs it. */
export interface SubscriberHost {
  readonly name: string
  readonly env: Environment
  readonly position: Position | null
  /** Reads from the history, from its oldest without `since`; null when it cannot be had. */
  history(since: Position | null, limit: number, wanted: () => boolean): Promise<Page | null>
  /** The message to deliver; null when it is none for this client. */
  check(publication: Publication, epoch: string): Promise<Message | null>
  snapshot(loader: Loader, reason: Gap | null): Promise<void>
  changed(): void
  remove(subscriber: Subscriber): void
}

/** Items that wait for a snapshot or a replay; beyond that they are given up for a gap. */
const MOST_QUEUED = 10_000

/** Largest page of a history. */
const PAGE = 1_000

export function isGap(item: Item): item is Gap {
  return 'position' in item
}

/** One subscriber of a channel: its callbacks, and what must be done for it before messages can be delivered. */
export class Subscriber implements Subscription {
  readonly #host: SubscriberHost
  readonly #options: SubscribeOptions
  #state: SubscriptionState = { status: 'pending' }
  #info: unknown
  /** What waits; null when nothing has to wait. */
  #queue: Item[] | null = null
  /** Whether a start is still to be replayed from the history. */
  #replays = false
  /** The snapshot to load next: after this gap, or null for the one of the beginning. */
  #due: { readonly reason: Gap | null } | null
  /** Up to here all was replayed; what the stream delivers up to here is known. */
  #replayed: Position | null = null
  #begun = false
  /** Whether it is clear where delivery begins. */
  #standing = false

  constructor(host: SubscriberHost, options: SubscribeOptions) {
    this.#host = host
    this.#options = options
    this.#info = options.info
    this.#due = options.snapshot === undefined ? null : { reason: null }
  }

  get channel(): string {
    return this.#host.name
  }

  get state(): SubscriptionState {
    return this.#state
  }

  get options(): SubscribeOptions {
    return this.#options
  }

  get info(): unknown {
    return this.#info
  }

  get ended(): boolean {
    return this.#state.status === 'ended'
  }

  unsubscribe(): void {
    if (!this.ended) {
      this.end()
      this.#host.remove(this)
    }
  }

  setInfo(info: unknown): void {
    this.#info = info
    this.#host.changed()
  }

  end(): void {
    this.become({ status: 'ended' })
    this.#queue = null
  }

  become(state: SubscriptionState): void {
    this.#state = state
    this.#call(() => this.#options.onStateChange?.(state))
  }

  /**
   * The channel is subscribed.
   *
   * @param replays whether what this subscriber begins with does not come by itself
   */
  activate(position: Position, replays: boolean): void {
    if (!this.#begun) {
      this.#begun = true
      this.#replays = replays
      this.#standing = !replays
    }
    if (this.#hasWork() && this.#queue === null) {
      this.#queue = []
      void this.#work()
    }
    if (this.#standing) {
      this.become({ status: 'active', position })
    }
  }

  take(item: Item): void {
    const news = this.ended ? null : this.#news(item)
    if (news === null) {
      return
    }
    if (this.#queue !== null) {
      this.#queue.push(news)
      if (this.#queue.length > MOST_QUEUED) {
        this.#queue = collapse(this.#queue)
      }
      return
    }
    this.#emit(news)
    if (this.#hasWork()) {
      this.#queue = []
      void this.#work()
    }
  }

  present(presence: Presence): void {
    if (this.#options.presence === true) {
      this.#call(() => this.#options.onPresence?.(presence))
    }
  }

  #hasWork(): boolean {
    return this.#due !== null || this.#replays
  }

  /** Snapshot, replay, then what has come meanwhile; a gap in there begins again with a snapshot. */
  async #work(): Promise<void> {
    while (this.#queue !== null) {
      if (this.#due !== null && this.#options.snapshot !== undefined) {
        const { reason } = this.#due
        this.#due = null
        await this.#host.snapshot(this.#options.snapshot, reason)
      } else if (this.#replays) {
        this.#replays = false
        await this.#replay()
      } else {
        const item = this.#queue.shift()
        if (item === undefined) {
          this.#queue = null
        } else {
          this.#emit(item)
        }
      }
    }
  }

  /** Puts what is missing between the start and the stream in front of what has come meanwhile. */
  async #replay(): Promise<void> {
    const { since, last = 0 } = this.#options
    const wanted = (): boolean => !this.ended
    const items: Item[] = []
    let at = since
    if (at === undefined) {
      const top = (await this.#host.history(null, 1, wanted))?.top ?? this.#host.position
      if (top === null || this.ended) {
        return
      }
      at = { epoch: top.epoch, offset: Math.max(0, top.offset - last) }
    }
    this.#standing = true
    this.become({ status: 'active', position: at })
    for (let more = since !== undefined || last > 0; more && !this.ended;) {
      const page = await this.#host.history(at, PAGE, wanted)
      const top: Position = page?.top ?? this.#host.position ?? at
      if (page?.gap) {
        if (since !== undefined || page.gap.reason !== 'trimmed') {
          items.push(page.gap)
        }
        at = page.gap.position
      }
      const publications = page?.publications ?? []
      for (const publication of publications) {
        const message = await this.#host.check(publication, at.epoch)
        at = { epoch: at.epoch, offset: publication.offset }
        if (message !== null) {
          items.push(message)
        }
      }
      more = publications.length > 0 && at.offset < top.offset
      if (publications.length === 0 && at.epoch === top.epoch && at.offset < top.offset) {
        items.push({
          channel: this.channel,
          from: at.offset + 1,
          to: top.offset,
          reason: 'unrecoverable',
          position: top,
        })
        at = top
      }
    }
    this.#replayed = at
    if (this.#queue !== null) {
      const news = this.#queue.map((item) => this.#news(item)).filter((item) => item !== null)
      this.#queue = [...items, ...news]
    }
  }

  /** The part of an item that was not replayed; null when there is none. */
  #news(item: Item): Item | null {
    const replayed = this.#replayed
    if (replayed === null) {
      return item
    }
    const { epoch, offset } = isGap(item) ? item.position : item
    if (epoch === replayed.epoch ? offset <= replayed.offset : !isGap(item)) {
      return null
    }
    this.#replayed = null
    return isGap(item) && epoch === replayed.epoch && item.from <= replayed.offset
      ? { ...item, from: replayed.offset + 1 }
      : item
  }

  #emit(item: Item): void {
    if (!isGap(item)) {
      this.#call(() => this.#options.onMessage?.(item))
      return
    }
    if (this.#options.snapshot !== undefined) {
      this.#due = { reason: item }
    }
    this.#call(() => this.#options.onGap?.(item))
  }

  #call(call: () => void): void {
    guarded(this.#host.env, 'a handler', call, this.channel)
  }
}

/** One gap in place of all messages of the newest epoch; those of epochs before are behind the gap that led to it. */
function collapse(queue: readonly Item[]): Item[] {
  const epochOf = (item: Item): string => (isGap(item) ? item.position.epoch : item.epoch)
  const last = queue[queue.length - 1]
  const first = queue.find((item) => last !== undefined && epochOf(item) === epochOf(last))
  if (first === undefined || last === undefined) {
    return []
  }
  const leads = isGap(first)
  const from = leads ? first.position.offset + 1 : first.offset
  const position = isGap(last) ? last.position : { epoch: last.epoch, offset: last.offset }
  const gap: Gap = { channel: last.channel, from, to: position.offset, reason: 'unrecoverable', position }
  return leads ? [first, gap] : [gap]
}
