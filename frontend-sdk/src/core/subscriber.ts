import { guarded } from './calls.js'
import { LARGEST_PAGE } from './cursor.js'
import { readHistory } from './history.js'
import type { SnapshotHost } from './snapshots.js'
import type { Gap, Message, Position, SubscribeOptions, Subscription, SubscriptionState } from './types.js'

/** What a channel delivers, in the order of its stream. */
export type Item = Message | Gap

/** The channel of a subscriber, as far as the subscriber needs it. */
export interface SubscriberHost extends SnapshotHost {
  readonly position: Position | null
  /** The message as it is delivered; null when it is none for this client. */
  readonly check: (message: Message) => Message | null | Promise<Message | null>
  readonly changed: () => void
  readonly removed: (subscriber: Subscriber) => void
}

/** One subscriber of a channel: its callbacks, and what must be done for it before messages can be delivered. */
export interface Subscriber extends Subscription {
  readonly options: SubscribeOptions
  readonly info: unknown
  /**
   * The channel is subscribed.
   *
   * @param replays whether what this subscriber begins with does not come by itself
   */
  readonly activate: (position: Position, replays: boolean) => void
  readonly take: (item: Item) => void
  readonly become: (state: SubscriptionState) => void
  readonly end: () => void
}

/** Items that wait for a snapshot or a replay; beyond that they are given up for a gap. */
const MOST_QUEUED = 10_000

export function isGap(item: Item): item is Gap {
  return 'position' in item
}

export function createSubscriber(host: SubscriberHost, options: SubscribeOptions): Subscriber {
  const { name } = host
  const { snapshot, since, last = 0 } = options
  const isPlain = since === undefined && options.last === undefined
  let state: SubscriptionState = { status: 'pending' }
  let { info } = options
  /** What waits; null when nothing has to wait. */
  let queue: Item[] | null = null
  /** What is to be done before the next item: snapshots, and the replay of a start that does not come by itself. */
  const todo: (() => Promise<unknown>)[] = []
  /** Up to here all was replayed; what the stream delivers up to here is known. */
  let replayed: Position | null = null
  /** Whether it is clear where delivery begins; undefined before the channel is subscribed. */
  let stands: boolean | undefined

  const call = (handler: () => void): void => {
    guarded(host.env.report, 'a handler', handler, name)
  }

  const hasEnded = (): boolean => state.status === 'ended'

  const become = (now: SubscriptionState): void => {
    // Another subscriber that was told before may have ended this one
    if (!hasEnded()) {
      state = now
      call(() => options.onStateChange?.(now))
    }
  }

  const emit = (item: Item): void => {
    if (!isGap(item)) {
      call(() => options.onMessage?.(item))
    } else {
      load(item)
      call(() => options.onGap?.(item))
    }
  }

  const load = (gap: Gap | null): void => {
    if (snapshot !== undefined) {
      todo.push(() => snapshot.serve(host, subscriber, gap))
    }
  }

  /** Snapshot, replay, then what has come meanwhile; a gap in there begins again with a snapshot. */
  const work = async (): Promise<void> => {
    if (hasEnded() || queue !== null || todo.length === 0) {
      return
    }
    queue = []
    while (queue !== null) {
      const step = todo.shift()
      if (step !== undefined) {
        await step()
        continue
      }
      const item: Item | undefined = queue.shift()
      if (item === undefined) {
        queue = null
      } else {
        emit(item)
      }
    }
  }

  /** Puts what is missing between the start and the stream in front of what has come meanwhile. */
  const replay = async (): Promise<void> => {
    const isWanted = (): boolean => !hasEnded()
    const items: Item[] = []
    let at = since
    if (at === undefined) {
      const top = (await readHistory(host.env, name, undefined, 1, isWanted))?.top ?? host.position
      if (top === null || hasEnded()) {
        return
      }
      at = { epoch: top.epoch, offset: Math.max(0, top.offset - last) }
    }
    stands = true
    become({ status: 'active', position: at })
    for (let more = since !== undefined || last > 0; more && !hasEnded();) {
      const page = await readHistory(host.env, name, at, LARGEST_PAGE, isWanted)
      const top: Position = page?.top ?? host.position ?? at
      if (page?.gap) {
        if (since !== undefined || page.gap.reason !== 'trimmed') {
          items.push(page.gap)
        }
        at = page.gap.position
      }
      const messages = page?.messages ?? []
      for (const message of messages) {
        at = placeOf(message)
        const checked = await host.check(message)
        if (checked !== null) {
          items.push(checked)
        }
      }
      more = messages.length > 0 && at.offset < top.offset
      if (messages.length === 0 && (at.epoch !== top.epoch || at.offset < top.offset)) {
        items.push(
          at.epoch === top.epoch ? lost(at.offset + 1, top) : { ...lost(top.offset + 1, top), reason: 'epoch' },
        )
        at = top
      }
    }
    replayed = at
    if (queue !== null) {
      queue = [...items, ...queue.map(news).filter((item) => item !== null)]
    }
  }

  /** The part of an item that was not replayed; null when there is none. */
  const news = (item: Item): Item | null => {
    if (replayed === null) {
      return item
    }
    const before = replayed
    const { epoch, offset } = isGap(item) ? item.position : item
    // Without a replay, an epoch gap is always news: the stream goes on at an earlier place
    const isBack = isPlain && isGap(item) && item.reason === 'epoch'
    if (epoch === before.epoch ? offset <= before.offset && !isBack : !isGap(item)) {
      return null
    }
    replayed = null
    return isGap(item) && !isBack && epoch === before.epoch && item.from <= before.offset
      ? { ...item, from: before.offset + 1 }
      : item
  }

  const lost = (from: number, position: Position): Gap => ({
    channel: name,
    from,
    to: position.offset,
    reason: 'unrecoverable',
    position,
  })

  /** One gap in place of all messages of the newest epoch; those of epochs before are behind the gap that led to it. */
  const collapse = (items: readonly Item[], newest: Item): Item[] => {
    const position = placeOf(newest)
    const first = items.find((item) => placeOf(item).epoch === position.epoch) ?? newest
    return isGap(first) ? [first, lost(first.position.offset + 1, position)] : [lost(first.offset, position)]
  }

  const subscriber: Subscriber = {
    channel: name,
    options,
    get state() {
      return state
    },
    get info() {
      return info
    },
    unsubscribe() {
      if (!hasEnded()) {
        subscriber.end()
        host.removed(subscriber)
      }
    },
    setInfo(other) {
      info = other
      host.changed()
    },
    become,
    end() {
      become({ status: 'ended' })
      queue = null
    },
    activate(position, isElsewhere) {
      if (stands === undefined) {
        stands = !isElsewhere
        if (isElsewhere) {
          todo.push(replay)
        }
        // What is on its way from before is of no concern
        replayed = stands && isPlain ? position : null
      }
      if (stands) {
        become({ status: 'active', position })
      }
      void work()
    },
    take(item) {
      const part = hasEnded() ? null : news(item)
      if (part === null) {
        return
      }
      if (queue === null) {
        emit(part)
        void work()
      } else {
        queue.push(part)
        if (queue.length > MOST_QUEUED) {
          queue = collapse(queue, part)
        }
      }
    },
  }
  load(null)
  return subscriber
}

function placeOf(item: Item): Position {
  return isGap(item) ? item.position : { epoch: item.epoch, offset: item.offset }
}
