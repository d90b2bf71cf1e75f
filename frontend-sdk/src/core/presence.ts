import { guarded, oncePerTurn } from './calls.js'
import { LARGEST_PAGE } from './cursor.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Push, SubscribeCommand } from './protocol.js'
import { createRoster, presencePage } from './roster.js'
import type { Subscriber } from './subscriber.js'
import type { PresenceFeature, PresencePage } from './types.js'

type PresencePush = Exclude<Push, { readonly type: 'message' }>

/** The channel that somebody is in, or wants to know who is. */
export interface PresenceHost {
  readonly name: string
  readonly env: Environment
  readonly subscribers: ReadonlySet<Subscriber>
  /** The server may have to be told something. */
  readonly changed: () => void
}

/** Who is in a channel: what the server has to know of this client, and what it tells of others. */
export interface Presences {
  /** Whether the server has to be told anything, so that a resume does not do. */
  readonly isNeeded: boolean
  /** Whether only leaving the channel takes this client off the members. */
  readonly mustLeave: boolean
  /** What a subscribe has to tell the server beyond what it knows; null when it knows all. */
  readonly news: () => Pick<SubscribeCommand, 'info' | 'presence'> | null
  /** A subscribe was acknowledged; with who is there, if that was asked for. */
  readonly accepted: (page: PresencePage | undefined) => void
  /** The last news were refused, and are not told again. */
  readonly refused: () => void
  /** The server knows nothing of this client any more. What was known stays until it is shown anew. */
  readonly forget: () => void
  /** A join, a leave, or the gap that tells of joins and leaves that were lost. */
  readonly push: (push: PresencePush) => void
  /** Shows who is there to all, once for all changes of one turn. */
  readonly show: () => void
}

interface Need {
  /** What to show as a member; undefined for not being one. */
  readonly info: unknown
  /** The same as JSON, to compare. */
  readonly infoText: string | undefined
  /** Whether to be told who is there. */
  readonly follows: boolean
}

const NOTHING: Need = { info: undefined, infoText: undefined, follows: false }

/** Being a member of a channel and following who is there: `subscribe('room', { presence, info, onPresence })`. */
export const presence: PresenceFeature = { serve: createPresences }

function createPresences({ name, env, subscribers, changed }: PresenceHost): Presences {
  const roster = createRoster()
  let told = NOTHING
  /** What the command tells that is on its way. */
  let asked = NOTHING
  /** Whether it asks who is there, too. */
  let asks = false
  /** Joins and leaves were lost: only asking again tells who is there. */
  let isStale = false
  /** The beginning since which joins and leaves are followed; null while they are not. */
  let following: object | null = null

  /** The union of what subscribers need; of several infos the last one counts. */
  const need = (): Need => {
    let info: unknown
    let follows = false
    for (const subscriber of subscribers) {
      follows ||= subscriber.options.onPresence !== undefined
      info = subscriber.info ?? info
    }
    try {
      return { info, infoText: JSON.stringify(info), follows }
    } catch (cause) {
      env.report(new BroadcastError('not-serializable', `the info is no JSON: ${String(cause)}`, { cause }))
      return { ...NOTHING, follows }
    }
  }

  const show = oncePerTurn(() => {
    for (const { options } of following === null ? [] : [...subscribers]) {
      guarded(env.report, 'a handler', () => options.onPresence?.(roster.snapshot), name)
    }
  })

  const readOn = async (mine: object, next: string | undefined): Promise<void> => {
    const isWanted = (): boolean => following === mine && subscribers.size > 0
    for (let after = next; after !== undefined && isWanted();) {
      const page = await env.asks.insist({ type: 'presence', channel: name, after, limit: LARGEST_PAGE }, isWanted)
      after = isWanted() ? roster.add(presencePage(page)) : undefined
      show()
    }
  }

  return {
    get isNeeded() {
      const { infoText, follows } = need()
      return infoText !== undefined || follows
    },
    get mustLeave() {
      return told.infoText !== undefined && need().infoText === undefined
    },
    news() {
      const now = need()
      const isSame = now.infoText === told.infoText
      const wantsPage = now.follows && (isStale || !told.follows)
      if (isSame && !wantsPage && now.follows === told.follows) {
        return null
      }
      asked = now
      asks = wantsPage
      const ends = told.follows && !now.follows
      return { info: isSame ? undefined : now.info, presence: wantsPage || (ends ? false : undefined) }
    },
    accepted(page) {
      told = asked
      isStale &&= !asks
      if (page !== undefined) {
        following = {}
        // The count is right also when a page does not come, and so is what is known
        readOn(following, roster.begin(page)).catch(() => undefined)
        show()
      } else if (!told.follows) {
        following = null
      }
    },
    refused() {
      told = need()
    },
    forget() {
      told = asked = NOTHING
      isStale = false
      following = null
    },
    push(push) {
      if (push.type === 'gap') {
        isStale = true
        changed()
      } else if (following !== null) {
        roster[push.type](push.data)
        show()
      }
    },
    show,
  }
}
