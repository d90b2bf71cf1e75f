import type { AckData } from './protocol.js'
import { isObject, memberOf } from './protocol.js'
import type { Member, Presence, PresencePage } from './types.js'

/** Who is in a channel: what an ack showed, and the joins and leaves since. */
export class Roster {
  readonly #members = new Map<string, Member>()
  /** Those who left while there are pages to come, which may still show them. */
  readonly #left = new Set<string>()
  #count = 0
  #complete = false
  #snapshot: Presence | null = null

  /** The same object until something changes. */
  get snapshot(): Presence {
    return (this.#snapshot ??= Object.freeze({
      count: this.#count,
      members: Object.freeze([...this.#members.values()]),
    }))
  }

  /** Begins anew with the first page. Returns what to ask for next, undefined when that was all. */
  begin(page: unknown): string | undefined {
    this.#members.clear()
    this.#left.clear()
    this.#count = isObject(page) && typeof page.count === 'number' ? page.count : 0
    return this.add(isObject(page) ? page : {})
  }

  /** Adds a further page. What pushes told meanwhile is newer. */
  add({ members, next }: AckData): string | undefined {
    for (const value of Array.isArray(members) ? (members as unknown[]) : []) {
      const member = memberOf(value)
      if (member !== null && !this.#members.has(member.clientId) && !this.#left.has(member.clientId)) {
        this.#members.set(member.clientId, member)
      }
    }
    this.#complete = typeof next !== 'string'
    if (this.#complete) {
      this.#left.clear()
      this.#count = this.#members.size
    }
    this.#snapshot = null
    return typeof next === 'string' ? next : undefined
  }

  join(member: Member): void {
    this.#count += this.#members.has(member.clientId) ? 0 : 1
    this.#members.set(member.clientId, member)
    this.#left.delete(member.clientId)
    this.#snapshot = null
  }

  leave({ clientId }: Member): void {
    if (this.#members.delete(clientId) || !this.#complete) {
      this.#count = Math.max(this.#members.size, this.#count - 1)
    }
    if (!this.#complete) {
      this.#left.add(clientId)
    }
    this.#snapshot = null
  }
}

/** A page for the application, out of the ack of a presence. */
export function presencePage<Info>({ count, members, next }: AckData): PresencePage<Info> {
  const list: readonly unknown[] = Array.isArray(members) ? members : []
  const page = {
    count: typeof count === 'number' ? count : 0,
    members: list.map(memberOf).filter((one) => one !== null) as Member<Info>[],
  }
  return typeof next === 'string' ? { ...page, next } : page
}
