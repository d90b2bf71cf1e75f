import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { SubscribeCommand } from './protocol.js'
import type { Subscriber } from './subscriber.js'

/** What all subscribers of a channel together want of the server. */
export interface Need {
  /** What to show as a member; undefined for not being one. */
  readonly info: unknown
  /** The same as JSON, to compare. */
  readonly infoText: string | undefined
  readonly presence: boolean
}

/** The union of what subscribers need; of several infos the last one counts. */
export function needOf(subscribers: ReadonlySet<Subscriber>, env: Environment): Need {
  let presence = false
  let info: unknown
  for (const subscriber of subscribers) {
    presence ||= subscriber.options.presence === true
    info = subscriber.info ?? info
  }
  try {
    return { info, infoText: JSON.stringify(info), presence }
  } catch (cause) {
    env.report(new BroadcastError('not-serializable', `the info is no JSON: ${String(cause)}`, { cause }))
    return { info: undefined, infoText: undefined, presence }
  }
}

/** The start that all subscribers have in common; nothing when they differ, and each replays its own. */
export function sameStart(subscribers: ReadonlySet<Subscriber>): Pick<SubscribeCommand, 'since' | 'last'> {
  const starts = new Set(
    [...subscribers].map(({ options: { since, last } }) => JSON.stringify([since?.epoch, since?.offset, last])),
  )
  const [first] = subscribers
  if (first === undefined || starts.size > 1) {
    return {}
  }
  const { since, last } = first.options
  return since === undefined ? { last } : { since }
}
