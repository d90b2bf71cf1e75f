import type { Asks } from './asks.js'
import { Roster } from './roster.js'
import type { Subscriber } from './subscriber.js'
import type { Member } from './types.js'

/** Largest page of a presence. */
const PAGE = 1_000

/** Tells the subscribers of a channel who is there, once for all changes of one turn. */
export class PresenceFeed {
  readonly #channel: string
  readonly #asks: Asks
  readonly #subscribers: ReadonlySet<Subscriber>
  readonly #roster = new Roster()
  /** The beginning since which joins and leaves are followed; null while they are not. */
  #following: object | null = null
  #scheduled = false

  constructor(channel: string, asks: Asks, subscribers: ReadonlySet<Subscriber>) {
    this.#channel = channel
    this.#asks = asks
    this.#subscribers = subscribers
  }

  /** The server shows who is there, and tells of changes from now on. */
  begin(page: unknown): void {
    const following = {}
    this.#following = following
    void this.#readOn(following, this.#roster.begin(page))
    this.changed()
  }

  /** Nothing is told any more. What was known stays until it is shown anew. */
  forget(): void {
    this.#following = null
  }

  join(member: Member): void {
    if (this.#following !== null) {
      this.#roster.join(member)
      this.changed()
    }
  }

  leave(member: Member): void {
    if (this.#following !== null) {
      this.#roster.leave(member)
      this.changed()
    }
  }

  changed(): void {
    if (this.#following === null || this.#scheduled) {
      return
    }
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      for (const subscriber of this.#following === null ? [] : [...this.#subscribers]) {
        subscriber.present(this.#roster.snapshot)
      }
    })
  }

  async #readOn(following: object, next: string | undefined): Promise<void> {
    const wanted = (): boolean => this.#following === following && this.#subscribers.size > 0
    for (let after = next; after !== undefined && wanted();) {
      try {
        const page = await this.#asks.insist({ type: 'presence', channel: this.#channel, after, limit: PAGE }, wanted)
        after = wanted() ? this.#roster.add(page) : undefined
        this.changed()
      } catch {
        // The count is right nevertheless, and so is what is known
        return
      }
    }
  }
}
