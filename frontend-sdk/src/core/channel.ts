import type { Asks } from './asks.js'
import { oncePerTurn } from './calls.js'
import { createCursor } from './cursor.js'
import type { Environment } from './environment.js'
import { connectionLost } from './errors.js'
import type { PresenceHost, Presences } from './presence.js'
import { gapOf, pageOf } from './protocol.js'
import type { Push } from './protocol.js'
import { createRegistration } from './registration.js'
import type { Registration, RegistrationHost, Start } from './registration.js'
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
  /** A message has come, or will not come any more. */
  readonly arrived: () => void
  /** Nobody wants it any more, and the linger time is over. */
  readonly abandoned: () => void
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
  readonly push: (push: Push) => void
  /** Whether what is in the log at that position is still to come. */
  readonly isAwaiting: (position: Position | undefined) => boolean
  /** This client's own publication is in the log, and is withheld from it; null when it is not answered now. */
  readonly withheld: (position: Position | null) => void
}

export function createChannel(
  name: string,
  { env, asks, isWithheld, awaitsOwn, arrived, abandoned }: ChannelHost,
): Channel {
  const { options } = env
  const subscribers = new Set<Subscriber>()
  const linger = env.timer()
  /** Those whose start was part of the first subscribe; null when it had none. */
  let covered: ReadonlySet<Subscriber> | null = null

  const each = (call: (subscriber: Subscriber) => void): void => {
    for (const subscriber of [...subscribers]) {
      call(subscriber)
    }
  }

  const distribute = (item: Item | null): void => {
    if (item !== null) {
      env.count(isGap(item) ? 'gaps' : 'delivered')
      each((subscriber) => subscriber.take(item))
    }
    arrived()
  }

  const funnel = options.schemas?.serve(name, env.report, distribute)
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
      if (!isWithheld(message.messageId)) {
        put(message)
      }
    },
    lose: put,
    duplicate: () => env.count('duplicates'),
    history: (since, limit) => history(since, limit, () => subscribers.size > 0),
    awaitsOwn: () => awaitsOwn(name),
    astray: () => env.link?.fail(connectionLost(`the stream of ${name} began anew`)),
  })

  /** What its parts see of it. */
  const host: RegistrationHost & SubscriberHost & PresenceHost & { presences?: Presences | undefined } = {
    name,
    env,
    asks,
    subscribers,
    // What is needed may have changed; changes of one turn are told to the server together
    changed: oncePerTurn(() => registration.sync()),
    get position() {
      return cursor.position
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
      each((subscriber) => {
        if (subscriber.state.status !== 'active') {
          const replays = first === null ? startsElsewhere(subscriber.options) : !first.has(subscriber)
          subscriber.activate(cursor.position ?? position, replays)
        }
      })
    },
    failed(error) {
      each((subscriber) => subscriber.become({ status: 'failed', error }))
      arrived()
    },

    history,
    check: (message) => (isWithheld(message.messageId) ? null : funnel ? funnel.check(message) : message),
    removed(subscriber) {
      subscribers.delete(subscriber)
      if (subscribers.size > 0) {
        host.changed()
      } else {
        linger.set(options.lingerMs ?? 250, abandoned)
      }
    },
  }

  const registration = createRegistration(host)

  const opened = (): void => {
    registration.forget()
    cursor.interrupt()
  }

  return {
    name,
    registration,
    get resumable() {
      return subscribers.size > 0 && !host.presences?.isNeeded ? cursor.position : null
    },
    add(wanted) {
      host.presences ??= wanted.presence?.serve(host)
      const subscriber = createSubscriber(host, wanted)
      subscribers.add(subscriber)
      linger.clear()
      registration.again()
      if (registration.stands && cursor.position !== null) {
        subscriber.activate(cursor.position, startsElsewhere(wanted))
        host.presences?.show()
      }
      host.changed()
      return subscriber
    },
    opened,
    lost() {
      opened()
      each((subscriber) => {
        if (subscriber.state.status === 'active') {
          subscriber.become({ status: 'pending' })
        }
      })
    },
    end() {
      linger.clear()
      opened()
      each((subscriber) => subscriber.end())
      subscribers.clear()
    },
    push(push) {
      if (push.type === 'join' || push.type === 'leave') {
        host.presences?.[push.type](push.data)
      } else if (push.type === 'gap' && push.data.presence) {
        host.presences?.missed()
      } else if (registration.stands) {
        // Before the ack it belongs to another subscription, and comes again
        if (push.type === 'gap') {
          cursor.gap(gapOf(name, push.data))
        } else {
          cursor.message(push)
        }
      }
    },
    isAwaiting: (position) =>
      cursor.position !== null &&
      cursor.position.epoch === position?.epoch &&
      cursor.position.offset < position.offset &&
      [...subscribers].some(({ state }) => state.status !== 'failed'),
    withheld: cursor.withheld,
  }
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
