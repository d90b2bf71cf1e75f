import type { Entry } from './outbox-entry.js'

/** The messages of an outbox in the order in which they were given, and how much that is. */
export class OutboxList {
  readonly #maxMessages: number
  readonly #maxBytes: number
  #entries: readonly Entry[] = []
  #bytes = 0
  #order = 0

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  /** Does not change while somebody goes through it. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Those that are still to be confirmed. */
  get pending(): readonly Entry[] {
    return this.#entries.filter(({ outgoing }) => outgoing.status !== 'failed')
  }

  get failed(): readonly Entry[] {
    return this.#entries.filter(({ outgoing }) => outgoing.status === 'failed')
  }

  /** How many were written and are not answered. */
  get sent(): number {
    return this.#entries.filter(({ outgoing }) => outgoing.status === 'sent').length
  }

  find(messageId: string): Entry | undefined {
    return this.#entries.find(({ outgoing }) => outgoing.messageId === messageId)
  }

  has(entry: Entry): boolean {
    return this.#entries.includes(entry)
  }

  hasChannel(channel: string): boolean {
    return this.#entries.some(({ outgoing }) => outgoing.channel === channel)
  }

  /** Whether there is room for so many bytes more. */
  hasRoom(bytes: number): boolean {
    return this.#entries.length < this.#maxMessages && this.#bytes + bytes <= this.#maxBytes
  }

  /** The order of what is given next: greater than all others, also than those of an earlier life of the page. */
  nextOrder(now: number): number {
    this.#order = Math.max(this.#order + 1, now)
    return this.#order
  }

  add(entry: Entry): void {
    this.#entries = [...this.#entries, entry]
    this.#count(entry)
  }

  /** Puts those of an earlier life in front. */
  prepend(entries: readonly Entry[]): void {
    this.#entries = [...entries, ...this.#entries]
    entries.forEach((entry) => {
      this.#count(entry)
    })
  }

  remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
    this.#bytes -= entry.bytes
  }

  toEnd(entry: Entry): void {
    this.#entries = [...this.#entries.filter((other) => other !== entry), entry]
  }

  #count(entry: Entry): void {
    this.#bytes += entry.bytes
    this.#order = Math.max(this.#order, entry.stored.order)
  }
}
