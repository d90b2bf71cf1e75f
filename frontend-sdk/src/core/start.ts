import type { SubscribeCommand } from './protocol.js'
import type { SubscribeOptions } from './types.js'

/** Where a subscription begins. */
export type Start = Pick<SubscribeCommand, 'since' | 'last'>

/** The start that all subscribers have in common; nothing when they differ, and each replays its own. */
export function sameStart(subscribers: ReadonlySet<{ readonly options: SubscribeOptions }>): Start {
  const starts = [...subscribers].map(({ options: { since, last } }) => (since === undefined ? { last } : { since }))
  const [start = {}] = starts
  return new Set(starts.map((one) => JSON.stringify(one))).size > 1 ? {} : start
}

/** Whether this asks for more than what comes from now on. */
export function startsElsewhere({ since, last }: Start): boolean {
  return since !== undefined || last !== undefined
}
