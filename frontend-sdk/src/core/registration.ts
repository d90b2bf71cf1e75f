import { isLost, isPassing, REPEAT_MS } from './asks.js'
import type { Environment } from './environment.js'
import { BroadcastError, connectionLost } from './errors.js'
import type { Answer, Link } from './link.js'
import type { Presences } from './presence.js'
import { EVERYONE, positionOf, refusal } from './protocol.js'
import type { SubscribeCommand } from './protocol.js'
import type { Position } from './types.js'

/** Where a subscription begins. */
export type Start = Pick<SubscribeCommand, 'since' | 'last'>

/** The channel that is registered. */
export interface RegistrationHost {
  readonly name: string
  readonly env: Environment
  readonly subscribers: ReadonlySet<unknown>
  /** Undefined when no subscriber has to do with it. */
  readonly presences?: Presences | undefined
  /** Where to begin, asked when a subscribe goes out. */
  readonly start: () => Start
  /** A subscription has begun. */
  readonly begun: (position: Position, recovered: boolean, since: Position | null) => void
  /** The server refuses the channel. */
  readonly failed: (error: BroadcastError) => void
}

/** What the server knows of one channel on the present link, kept equal to what is needed. One command at a time is on its way. */
export interface Registration {
  /** Whether what the server sends belongs to a subscription that it has acknowledged. */
  readonly stands: boolean
  /** The link is another one, or gone. */
  readonly forget: () => void
  /** What was refused may be asked again. */
  readonly again: () => void
  /** Tells the server what has changed, if anything has. */
  readonly sync: () => void
  /** A resume after this position is on its way; what is returned takes its outcome, null when the channel has to ask for itself. */
  readonly resuming: (since: Position) => (answer: Answer | null) => void
  /** Takes the channel off the server's list, unless somebody wants it again meanwhile. */
  readonly leave: (isWanted: () => boolean) => void
}

export function createRegistration(host: RegistrationHost): Registration {
  const { name: channel, env, subscribers } = host
  const retry = env.timer()
  let stands = false
  let isBusy = false
  let hasFailed = false

  const sync = (): void => {
    const { link } = env
    const { presences } = host
    if (link === null || subscribers.size === 0 || isBusy || hasFailed || retry.pending) {
      return
    }
    if (presences?.mustLeave) {
      // What is asked about one channel takes effect in order
      link.request({ type: 'unsubscribe', channel })
      stands = false
      presences.forget()
    }
    const news = presences?.news()
    if (!stands) {
      subscribe(link, { ...host.start(), ...news })
    } else if (news) {
      subscribe(link, news)
    }
  }

  const subscribe = (link: Link, rest: Omit<SubscribeCommand, 'type' | 'channel'>): void => {
    isBusy = true
    link.request({ type: 'subscribe', channel, ...rest }, (answer) => {
      if (env.link === link) {
        answered(answer, rest.since ?? null)
      }
    })
  }

  const answered = (answer: Answer, since: Position | null): void => {
    isBusy = false
    const isRefused = answer instanceof BroadcastError
    const position = isRefused ? null : positionOf(answer)
    if (isRefused || position === null) {
      refused(isRefused ? answer : refusal(undefined, channel))
      return
    }
    if (!stands) {
      stands = true
      host.begun(position, answer.recovered !== false, since)
    }
    host.presences?.accepted(answer.presence)
    sync()
  }

  const refused = (error: BroadcastError): void => {
    if (isLost(error)) {
      return
    }
    if (error.code === 'timeout') {
      env.link?.fail(connectionLost(`no answer to the subscribe of ${channel}`))
    } else if (isPassing(error)) {
      retry.set(error.retryAfterMs ?? REPEAT_MS, sync)
    } else if (stands) {
      // It is subscribed as before, and only the change was refused
      host.presences?.refused()
      env.report(error)
    } else {
      hasFailed = true
      host.failed(error)
    }
  }

  const forget = (): void => {
    stands = isBusy = hasFailed = false
    retry.clear()
    host.presences?.forget()
  }

  return {
    get stands() {
      return stands
    },
    forget,
    again() {
      hasFailed = false
    },
    sync,
    resuming(since) {
      isBusy = true
      return (answer) => {
        if (answer !== null) {
          answered(answer, since)
        } else {
          isBusy = false
          sync()
        }
      }
    },
    leave(isWanted) {
      const { link } = env
      const isKnown = stands || isBusy
      forget()
      const ask = (): void => {
        // The next link knows nothing of it
        if (env.link === link && !isWanted()) {
          link?.request({ type: 'unsubscribe', channel }, (answer) => {
            if (answer instanceof BroadcastError && isPassing(answer) && env.link === link) {
              retry.set(answer.retryAfterMs ?? REPEAT_MS, ask)
            }
          })
        }
      }
      if (isKnown && channel !== EVERYONE) {
        ask()
      }
    },
  }
}
