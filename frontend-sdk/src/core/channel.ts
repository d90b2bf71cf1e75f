import { isPassing, REPEAT_MS } from './asks.js'
import { oncePerTurn } from './calls.js'
import { createCursor } from './cursor.js'
import type { Environment } from './environment.js'
import { BroadcastError, connectionLost } from './errors.js'
import { readHistory } from './history.js'
import type { Answer, Link } from './link.js'
import type { PresenceHost, Presences } from './presence.js'
import { EVERYONE, gapOf, positionOf, refusal } from './protocol.js'
import type { Push, SubscribeCommand } from './protocol.js'
import { sameStart, startsElsewhere } from './start.js'
import type { Start } from './start.js'
import { createSubscriber, isGap } from './subscriber.js'
import type { Item, Subscriber, SubscriberHost } from './subscriber.js'
import type { Position, SubscribeOptions } from './types.js'

/**
 * One channel that somebody wants: its subscribers, what the server knows of it on the present link, and the way of a publication
 * between the two. One command about it is on its way at a time, and makes known what is needed by then.
 */
export interface Channel {
  readonly name: string
  readonly add: (options: SubscribeOptions) => Subscriber
  /**
   * There is a new link, which knows nothing of this channel.
   *
   * @returns where to resume with others in one command, whose outcome is `answered`; null when it takes a subscribe
   */
  readonly opened: () => Position | null
  /** Tells the server what has changed, if anything has. */
  readonly sync: () => void
  /** The outcome of what begins after this position, or from now on; without one the channel has to ask for itself. */
  readonly answered: (answer: Answer | null, since: Position | null) => void
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

export function createChannel(name: string, env: Environment): Channel {
  const { options, channels, outbox } = env
  const subscribers = new Set<Subscriber>()
  const linger = env.timer()
  const retry = env.timer()
  /** Whether what the server sends belongs to a subscription that it has acknowledged. */
  let stands = false
  let isBusy = false
  let hasFailed = false
  /** Those whose start was part of the first subscribe; null when it had none. */
  let covered: ReadonlySet<Subscriber> | null = null
  /** Undefined when no subscriber has to do with it. */
  let presences: Presences | undefined

  const each = (call: (subscriber: Subscriber) => void): void => {
    ;[...subscribers].forEach(call)
  }

  const distribute = (item: Item | null): void => {
    if (item !== null) {
      env.count(isGap(item) ? 'gaps' : 'delivered')
      each((subscriber) => {
        subscriber.take(item)
      })
    }
    outbox.arrived()
  }

  const funnel = options.schemas?.serve(name, env.report, distribute)

  const cursor = createCursor(name, {
    put(item) {
      if (isGap(item) || !outbox.isWithheld(item.messageId)) {
        ;(funnel?.put ?? distribute)(item)
      }
    },
    duplicate() {
      env.count('duplicates')
    },
    history: (since, limit) => readHistory(env, name, since, limit, () => subscribers.size > 0),
    awaitsOwn: () => outbox.awaitsOwn(name),
    astray() {
      env.link?.fail(connectionLost(`the stream of ${name} began anew`))
    },
  })

  const sync = (): void => {
    const { link } = env
    if (link === null || subscribers.size === 0 || isBusy || hasFailed || retry.pending) {
      return
    }
    if (presences?.mustLeave) {
      // What is asked about one channel takes effect in order
      link.request({ type: 'unsubscribe', channel: name })
      stands = false
      presences.forget()
    }
    const news = presences?.news()
    if (!stands) {
      subscribe(link, { ...start(), ...news })
    } else if (news) {
      subscribe(link, news)
    }
  }

  const start = (): Start => {
    if (cursor.position !== null) {
      return { since: cursor.position }
    }
    const common = sameStart(subscribers)
    covered = startsElsewhere(common) ? new Set(subscribers) : null
    return common
  }

  const subscribe = (link: Link, rest: Omit<SubscribeCommand, 'type' | 'channel'>): void => {
    isBusy = true
    link.request({ type: 'subscribe', channel: name, ...rest }, (answer) => {
      if (env.link === link) {
        answered(answer, rest.since ?? null)
      }
    })
  }

  const answered: Channel['answered'] = (answer, since) => {
    isBusy = false
    if (answer instanceof BroadcastError) {
      refused(answer)
      return
    }
    if (answer !== null) {
      const position = positionOf(answer)
      if (position === null) {
        refused(refusal(undefined, name))
        return
      }
      if (!stands) {
        stands = true
        begin(position, answer.recovered !== false, since)
      }
      presences?.accepted(answer.presence)
    }
    sync()
  }

  const begin = (position: Position, recovered: boolean, since: Position | null): void => {
    const first = cursor.position === null ? covered : null
    cursor.begin(position, recovered, since)
    each((subscriber) => {
      if (subscriber.state.status !== 'active') {
        const replays = first === null ? startsElsewhere(subscriber.options) : !first.has(subscriber)
        subscriber.activate(cursor.position ?? position, replays)
      }
    })
  }

  const refused = (error: BroadcastError): void => {
    if (error.code === 'timeout') {
      env.link?.fail(connectionLost(`no answer to the subscribe of ${name}`))
    } else if (isPassing(error)) {
      retry.set(error.retryAfterMs ?? REPEAT_MS, sync)
    } else if (stands) {
      // It is subscribed as before, and only the change was refused
      presences?.refused()
      env.report(error)
    } else {
      hasFailed = true
      each((subscriber) => {
        subscriber.become({ status: 'failed', error })
      })
      outbox.arrived()
    }
  }

  /** The link is another one, or gone. */
  const forget = (): void => {
    stands = isBusy = hasFailed = false
    retry.clear()
    presences?.forget()
  }

  const interrupt = (): void => {
    forget()
    cursor.interrupt()
  }

  /** Nobody wants it any more, and the linger time is over: takes it off the server's list, unless somebody wants it again. */
  const abandon = (): void => {
    channels.delete(name)
    const { link } = env
    const isKnown = stands || isBusy
    forget()
    const leave = (): void => {
      // The next link knows nothing of it
      if (env.link === link && !channels.has(name)) {
        link?.request({ type: 'unsubscribe', channel: name }, (answer) => {
          if (answer instanceof BroadcastError && isPassing(answer) && env.link === link) {
            retry.set(answer.retryAfterMs ?? REPEAT_MS, leave)
          }
        })
      }
    }
    if (isKnown && name !== EVERYONE) {
      leave()
    }
    outbox.arrived()
    env.changed()
  }

  /** What subscribers and presence see of it. */
  const host: SubscriberHost & PresenceHost = {
    name,
    env,
    subscribers,
    // What is needed may have changed; changes of one turn are told to the server together
    changed: oncePerTurn(sync),
    get position() {
      return cursor.position
    },
    check: (message) => (outbox.isWithheld(message.messageId) ? null : funnel ? funnel.check(message) : message),
    removed(subscriber) {
      subscribers.delete(subscriber)
      if (subscribers.size > 0) {
        host.changed()
      } else {
        linger.set(options.lingerMs ?? 250, abandon)
      }
    },
  }

  return {
    name,
    add(wanted) {
      presences ??= wanted.presence?.serve(host)
      const subscriber = createSubscriber(host, wanted)
      subscribers.add(subscriber)
      linger.clear()
      // What was refused may be asked again
      hasFailed = false
      if (stands && cursor.position !== null) {
        subscriber.activate(cursor.position, startsElsewhere(wanted))
        presences?.show()
      }
      host.changed()
      return subscriber
    },
    opened() {
      interrupt()
      isBusy = subscribers.size > 0 && cursor.position !== null && !presences?.isNeeded
      return isBusy ? cursor.position : null
    },
    sync,
    answered,
    lost() {
      interrupt()
      each((subscriber) => {
        if (subscriber.state.status === 'active') {
          subscriber.become({ status: 'pending' })
        }
      })
    },
    end() {
      interrupt()
      each((subscriber) => {
        subscriber.end()
      })
      subscribers.clear()
    },
    push(push) {
      // Before the ack it belongs to another subscription, and comes again
      if (push.type === 'message') {
        if (stands) {
          cursor.message(push)
        }
      } else if (push.type !== 'gap' || push.data.presence) {
        presences?.push(push)
      } else if (stands) {
        cursor.gap(gapOf(name, push.data))
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
