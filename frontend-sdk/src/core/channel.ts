import type { Asks } from './asks.js'
import { oncePerTurn } from './calls.js'
import { createTimer } from './clock.js'
import { createCursor } from './cursor.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { pageOf } from './history.js'
import type { Presences } from './presence.js'
import type { Push } from './protocol.js'
import { createRegistration } from './registration.js'
import type { Registration, Start } from './registration.js'
import { createSnapshots } from './snapshots.js'
import { createSubscriber, isGap } from './subscriber.js'
import type { Item, Subscriber, SubscriberHost } from './subscriber.js'
import type { Position, SubscribeOptions } from './types.js'

/** The client of a channel. */
export interface ChannelHost {
  readonly env: Environment
  readonly asks: Asks
  /** Whether it is a publication that this client wanted not to get. */
  readonly isWithheld: (messageId: string) => boolean
  readonly awaitsOwn: (channel: string) => boolean
  /** Nobody wants it any more, and the linger time is over. */
  readonly abandoned: (channel: Channel) => void
}

/** One channel that somebody wants: its subscribers, and the way of a publication to them. */
export interface Channel {
  readonly name: string
  /** What the server knows of it. */
  readonly registration: Registration
  /** Where to resume with others in one command; null when it takes a subscribe. */
  readonly resumable: Position | null
  readonly add: (options: SubscribeOptions) => Subscriber
  /** There is a new link, which knows nothing of this channel. */
  readonly opened: () => void
  /** There is no link. */
  readonly lost: () => void
  /** The client is closed. */
  readonly end: () => void
  readonly push: (push: Exclude<Push, { type: 'drain' }>) => void
  /** This client's own publication is in the log, and is withheld from it. */
  readonly withheld: (position: Position) => void
  /** A publication of this client will fill no hole. */
  readonly settle: () => void
}

export function createChannel(name: string, host: ChannelHost): Channel {
  const { env, asks } = host
  const { report, options } = env
  const subscribers = new Set<Subscriber>()
  const linger = createTimer(env.clock)
  let presences: Presences | undefined
  /** Those whose start was part of the first subscribe; null when it had none. */
  let covered: ReadonlySet<Subscriber> | null = null

  const distribute = (item: Item): void => {
    env.count(isGap(item) ? 'gaps' : 'delivered')
    for (const subscriber of [...subscribers]) {
      subscriber.take(item)
    }
  }

  const funnel = options.schemas?.funnel(name, report, distribute)
  const put = funnel?.put ?? distribute

  const history: SubscriberHost['history'] = async (since, limit, isWanted) => {
    try {
      const command = { type: 'history', channel: name, since: since ?? undefined, limit } as const
      return pageOf(name, await asks.insist(command, isWanted))
    } catch {
      return null
    }
  }

  const cursor = createCursor(name, {
    deliver: (message) => {
      if (!host.isWithheld(message.messageId)) {
        put(message)
      }
    },
    lose: put,
    duplicate: () => {
      env.count('duplicates')
    },
    history: (since, limit) => history(since, limit, () => subscribers.size > 0),
    awaitsOwn: () => host.awaitsOwn(name),
    astray: () => env.link?.fail(new BroadcastError('connection-lost', `the stream of ${name} began anew`)),
  })

  const snapshots = createSnapshots(env, name, (loader) =>
    [...subscribers].some((subscriber) => subscriber.options.snapshot === loader),
  )

  const registration = createRegistration({
    name,
    env,
    asks,
    get isWanted() {
      return subscribers.size > 0
    },
    get presences() {
      return presences
    },
    start() {
      if (cursor.position !== null) {
        return { since: cursor.position }
      }
      const start = sameStart(subscribers)
      covered = start.since === undefined && start.last === undefined ? null : new Set(subscribers)
      return start
    },
    begun(position, recovered, since) {
      const first = cursor.position === null ? covered : null
      cursor.begin(position, recovered, since)
      for (const subscriber of [...subscribers]) {
        if (subscriber.state.status !== 'active') {
          const replays = first === null ? startsElsewhere(subscriber.options) : !first.has(subscriber)
          subscriber.activate(cursor.position ?? position, replays)
        }
      }
    },
    failed(error) {
      for (const subscriber of [...subscribers]) {
        subscriber.become({ status: 'failed', error })
      }
    },
  })

  /** What is needed may have changed; changes of one turn are told to the server together. */
  const changed = oncePerTurn(registration.sync)

  const subscriberHost: SubscriberHost = {
    name,
    report,
    get position() {
      return cursor.position
    },
    history,
    check: (message) => (host.isWithheld(message.messageId) ? null : funnel ? funnel.check(message) : message),
    snapshot: snapshots.load,
    changed,
    removed(subscriber) {
      subscribers.delete(subscriber)
      if (subscriber.options.snapshot !== undefined) {
        snapshots.forget(subscriber.options.snapshot)
      }
      if (subscribers.size > 0) {
        changed()
      } else {
        linger.set(options.lingerMs ?? 250, () => {
          host.abandoned(channel)
        })
      }
    },
  }

  const channel: Channel = {
    name,
    registration,
    get resumable() {
      return subscribers.size > 0 && !presences?.isNeeded ? cursor.position : null
    },
    add(wanted) {
      presences ??= wanted.presence?.({ name, env, asks, subscribers, changed })
      const subscriber = createSubscriber(subscriberHost, wanted)
      subscribers.add(subscriber)
      linger.clear()
      registration.again()
      if (registration.stands && cursor.position !== null) {
        subscriber.activate(cursor.position, startsElsewhere(wanted))
        presences?.show()
      }
      changed()
      return subscriber
    },
    opened() {
      registration.forget()
      cursor.interrupt()
    },
    lost() {
      channel.opened()
      for (const subscriber of [...subscribers]) {
        if (subscriber.state.status === 'active') {
          subscriber.become({ status: 'pending' })
        }
      }
    },
    end() {
      linger.clear()
      channel.opened()
      for (const subscriber of [...subscribers]) {
        subscriber.end()
      }
      subscribers.clear()
    },
    push(push) {
      if (push.type === 'join' || push.type === 'leave') {
        presences?.[push.type](push.member)
      } else if (push.type === 'presence-gap') {
        presences?.missed()
      } else if (!registration.stands) {
        // Before the ack it belongs to another subscription, and comes again
        return
      } else if (push.type === 'gap') {
        cursor.gap(push.gap)
      } else {
        cursor.message(push)
      }
    },
    withheld: cursor.withheld,
    settle: cursor.settle,
  }
  return channel
}

/** The start that all subscribers have in common; nothing when they differ, and each replays its own. */
function sameStart(subscribers: ReadonlySet<Subscriber>): Start {
  const starts = new Map(
    [...subscribers].map(({ options: { since, last } }) => [
      JSON.stringify([since?.epoch, since?.offset, last]),
      since === undefined ? { last } : { since },
    ]),
  )
  const [start = {}] = starts.values()
  return starts.size > 1 ? {} : start
}

/** Whether this subscriber wants more than what comes from now on. */
function startsElsewhere({ since, last }: SubscribeOptions): boolean {
  return since !== undefined || last !== undefined
}
