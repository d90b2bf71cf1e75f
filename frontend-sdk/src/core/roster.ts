import { isObject, memberOf } from './protocol.js'
import type { AckData } from './protocol.js'
import type { Member, Presence, PresencePage } from './types.js'

/** Who is in a channel: what an ack showed, and the joins and leaves since. */
export interface Roster {
  /** The same object until something changes. */
  readonly snapshot: Presence
  /** Begins anew with the first page. Returns what to ask for next, undefined when that was all. */
  readonly begin: (page: unknown) => string | undefined
  /** Adds a further page. What pushes told meanwhile is newer. */
  readonly add: (page: AckData) => string | undefined
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

  const add = (data: AckData): string | undefined => {
    const page = presencePage(data)
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
      const data = isObject(page) ? page : {}
      members.clear()
      left.clear()
      ;({ count } = presencePage(data))
      return add(data)
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

/** A page of members, out of the ack of a presence or a subscribe. */
export function presencePage<Info>({ count, members, next }: AckData): PresencePage<Info> {
  const list: readonly unknown[] = Array.isArray(members) ? members : []
  const page = {
    count: typeof count === 'number' ? count : 0,
    members: list.map(memberOf).filter((one) => one !== null) as Member<Info>[],
  }
  return typeof next === 'string' ? { ...page, next } : page
}
