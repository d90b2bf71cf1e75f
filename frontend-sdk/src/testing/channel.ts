import type { Member, PresencePage } from '../core/types.js'
import { ChannelLog } from './log.js'

/** What one entry of {@link Channel.visits} tells. */
export interface Visit {
  readonly type: 'join' | 'leave'
  readonly member: Member
}

/** A channel: the stream of its publications, who is there, and beside it the stream of joins and leaves. */
export class Channel {
  readonly name: string
  readonly publications: ChannelLog
  readonly visits: ChannelLog
  readonly #members = new Map<string, string>()
  #visit = 0

  constructor(name: string, nextEpoch: () => string) {
    this.name = name
    this.publications = new ChannelLog(nextEpoch())
    this.visits = new ChannelLog(nextEpoch())
  }

  get members(): readonly Member[] {
    return [...this.#members.keys()].sort().map((clientId) => this.#member(clientId))
  }

  /** True when this changes what others see. */
  join(clientId: string, info: unknown, now: number): boolean {
    const shown = JSON.stringify(info)
    if (this.#members.get(clientId) === shown) return false
    this.#members.set(clientId, shown)
    this.#tell('join', clientId, now)
    return true
  }

  /** True when the client was there. */
  leave(clientId: string, now: number): boolean {
    if (!this.#members.has(clientId)) return false
    this.#tell('leave', clientId, now)
    return this.#members.delete(clientId)
  }

  page(after: string, limit: number): PresencePage {
    const following = this.members.filter((member) => member.clientId > after)
    const members = following.slice(0, limit)
    const last = members.at(-1)
    const page = { count: this.#members.size, members }
    return last !== undefined && following.length > limit ? { ...page, next: last.clientId } : page
  }

  /** Both streams begin anew, and those who are there join again. */
  renew(nextEpoch: () => string, now: number): void {
    this.publications.renew(nextEpoch())
    this.visits.renew(nextEpoch())
    for (const clientId of this.#members.keys()) this.#tell('join', clientId, now)
  }

  #tell(type: Visit['type'], clientId: string, timestamp: number): void {
    const data: Visit = { type, member: this.#member(clientId) }
    this.visits.append({ messageId: `visit-${++this.#visit}`, data, timestamp, withheldFrom: null })
  }

  #member(clientId: string): Member {
    return { clientId, info: JSON.parse(this.#members.get(clientId) ?? 'null') as unknown }
  }
}
