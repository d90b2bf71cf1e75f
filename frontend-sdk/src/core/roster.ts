import type { AckData } from './protocol.js'
import type { Member, Presence, PresencePage } from './types.js'

/** Who is in a channel: what an ack showed, and the joins and leaves since. */
export interface Roster {
  /** The same object until something changes. */
  readonly snapshot: Presence
  /** Begins anew with the first page. Returns what to ask for next, undefined when that was all. */
  readonly begin: (page: PresencePage) => string | undefined
  /** Adds a further page. What pushes told meanwhile is newer. */
  readonly add: (page: PresencePage) => string | undefined
  readonly join: (member: Member) => void
  readonly leave: (member: Member) => void
}

export function createRoster(): Roster {
  const members = new Map<string, Member>()
  /** Those who left while there are pages to come, which may still show them. */
  const left = new Set<string>()
  let count = 0
  let isComplete = false
  let snapshot: Presence | null = null

  const add = (page: PresencePage): string | undefined => {
    for (const member of page.members) {
      if (!members.has(member.clientId) && !left.has(member.clientId)) {
        members.set(member.clientId, member)
      }
    }
    isComplete = page.next === undefined
    if (isComplete) {
      left.clear()
      count = members.size
    }
    snapshot = null
    return page.next
  }

  return {
    get snapshot() {
      return (snapshot ??= Object.freeze({ count, members: Object.freeze([...members.values()]) }))
    },
    begin(page) {
      members.clear()
      left.clear()
      ;({ count } = page)
      return add(page)
    },
    add,
    join(member) {
      count += members.has(member.clientId) ? 0 : 1
      members.set(member.clientId, member)
      left.delete(member.clientId)
      snapshot = null
    },
    leave({ clientId }) {
      if (members.delete(clientId) || !isComplete) {
        count = Math.max(members.size, count - 1)
      }
      if (!isComplete) {
        left.add(clientId)
      }
      snapshot = null
    },
  }
}

/** A page of members, out of the ack of a presence. */
export function presencePage({ count = 0, members = [], next }: AckData): PresencePage {
  return { count, members, ...(next !== undefined && { next }) }
}
