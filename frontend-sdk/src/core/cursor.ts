import type { Gap, Message, Position } from './types.js'
import type { Publication } from './protocol.js'

/** A page of a channel's history, as far as a cursor needs it. */
export interface Page {
  readonly publications: readonly Publication[]
  readonly top: Position
  readonly gap: Gap | null
}

export interface CursorEvents {
  deliver(message: Message): void
  lose(gap: Gap): void
  duplicate(): void
  /** Reads from the channel's history; null when it cannot be had. */
  history(since: Position, limit: number): Promise<Page | null>
  /** Whether a publication of this client is on its way that will fill a hole by its ack. */
  awaitsOwn(): boolean
  /** The stream is of another epoch than this cursor, which only a new subscription can put right. */
  astray(): void
}

/** Publications that wait behind a hole; what comes beyond is read from the history later. */
const MOST_HELD = 1_000

/** Own publications that wait behind offsets that should have come long ago. */
const MOST_WITHHELD = 64

/** Largest page of a history. */
const LARGEST_PAGE = 1_000

/**
 * A subscription's place in a channel's stream, and the rule of delivery: each offset once, in order, or as part of a gap.
 *
 * The next offset is delivered; a known one is dropped; what comes behind a hole is held until the hole is filled from the history.
 * What the history does not have is lost. Only an ack or a gap leads to another epoch.
 */
export class Cursor {
  readonly #channel: string
  readonly #events: CursorEvents
  /** Behind a hole, by offset; null for what was withheld from this client. */
  readonly #held = new Map<number, Message | null>()
  #position: Position | null = null
  /** The newest offset that is known to be on its way. */
  #newest = 0
  #expectsGap = false
  /** The read of the history that is going on. */
  #fill: object | null = null

  constructor(channel: string, events: CursorEvents) {
    this.#channel = channel
    this.#events = events
  }

  /** Null until the first ack. */
  get position(): Position | null {
    return this.#position
  }

  /**
   * The ack of a subscription. When not everything after what was asked for is recovered, a gap follows, and says where it goes on.
   *
   * @param since what was asked for; null for what comes from now on
   */
  begin(position: Position, recovered: boolean, since: Position | null): void {
    this.#expectsGap = !recovered
    if (this.#position === null || (recovered && position.epoch !== this.#position.epoch)) {
      this.#move(recovered || since === null ? position : since)
    }
  }

  /** The connection is gone: what comes next comes by a new subscription after {@link position}. */
  interrupt(): void {
    this.#fill = null
    this.#held.clear()
    this.#newest = this.#position?.offset ?? 0
    this.#expectsGap = false
  }

  message(publication: Publication): void {
    const position = this.#position
    if (position === null) {
      return
    }
    const { offset } = publication
    if (offset <= position.offset || this.#held.has(offset)) {
      this.#events.duplicate()
    } else if (offset === position.offset + 1) {
      this.#pass(this.#message(publication, position.epoch), position.epoch, offset)
      this.#flush()
    } else {
      if (this.#held.size < MOST_HELD) {
        this.#held.set(offset, this.#message(publication, position.epoch))
      }
      this.#newest = Math.max(this.#newest, offset)
      this.settle()
    }
  }

  /** This client's own publication, which the server withholds from it, is there. */
  withheld({ epoch, offset }: Position): void {
    const position = this.#position
    if (position !== null && epoch === position.epoch && offset > position.offset) {
      this.#held.set(offset, null)
      this.#flush()
      if (this.#held.size > MOST_WITHHELD) {
        this.#newest = Math.max(this.#newest, offset)
      }
    }
    this.settle()
  }

  /** A gap that the server announces. */
  gap(gap: Gap): void {
    const position = this.#position
    if (position === null) {
      return
    }
    const expected = this.#expectsGap
    const sameEpoch = gap.position.epoch === position.epoch
    if (gap.reason === 'epoch' || !sameEpoch) {
      if (expected || !sameEpoch) {
        this.#loseUpTo(this.#newest, 'unrecoverable')
        this.#move(gap.position)
        this.#events.lose(gap)
      }
    } else if (gap.to > position.offset) {
      if (expected || gap.from <= position.offset + 1) {
        this.#loseUpTo(gap.to, gap.reason)
        this.#flush()
      } else {
        // Something before the gap is missing, too: the history knows
        this.#newest = Math.max(this.#newest, gap.to)
        this.settle()
      }
    }
    this.#expectsGap = false
  }

  /** Fills the hole, if there is one and nothing else will. */
  settle(): void {
    if (this.#fill === null && this.#isBehind() && !this.#events.awaitsOwn()) {
      const fill = {}
      this.#fill = fill
      void this.#fillFrom(fill)
    }
  }

  async #fillFrom(fill: object): Promise<void> {
    while (this.#fill === fill && this.#position !== null && this.#isBehind()) {
      const since = this.#position
      const page = await this.#events.history(since, Math.min(LARGEST_PAGE, this.#newest - since.offset))
      if (this.#fill === fill) {
        this.#take(page, since)
      }
    }
    if (this.#fill === fill) {
      this.#fill = null
    }
  }

  /** Takes a page that was asked for; at least one offset is settled by it. */
  #take(page: Page | null, since: Position): void {
    const position = this.#position
    if (position?.epoch !== since.epoch) {
      return
    }
    if (page !== null && page.top.epoch !== since.epoch) {
      this.#fill = null
      this.#events.astray()
      return
    }
    for (const publication of page?.publications ?? []) {
      const { offset } = publication
      if (offset > position.offset && !this.#held.has(offset)) {
        this.#held.set(offset, this.#message(publication, since.epoch))
      }
    }
    if (page?.gap) {
      this.#loseUpTo(Math.min(page.gap.to, this.#newest), page.gap.reason)
    }
    this.#flush()
    if (this.#position === position) {
      this.#loseUpTo(Math.min(...this.#held.keys(), this.#newest + 1) - 1, 'unrecoverable')
      this.#flush()
    }
  }

  /** Whatever up to this offset is not held is lost. */
  #loseUpTo(to: number, reason: Gap['reason']): void {
    const held = [...this.#held.keys()].filter((offset) => offset <= to).sort((a, b) => a - b)
    for (const offset of [...held, to + 1]) {
      const position = this.#position
      if (position === null) {
        return
      }
      const { epoch } = position
      if (offset > position.offset + 1) {
        this.#position = { epoch, offset: offset - 1 }
        this.#events.lose({
          channel: this.#channel,
          from: position.offset + 1,
          to: offset - 1,
          reason,
          position: this.#position,
        })
      }
      if (offset <= to) {
        this.#release(offset, epoch)
      }
    }
  }

  #flush(): void {
    while (this.#position !== null && this.#held.has(this.#position.offset + 1)) {
      this.#release(this.#position.offset + 1, this.#position.epoch)
    }
  }

  #release(offset: number, epoch: string): void {
    const message = this.#held.get(offset) ?? null
    this.#held.delete(offset)
    this.#pass(message, epoch, offset)
  }

  #pass(message: Message | null, epoch: string, offset: number): void {
    this.#position = { epoch, offset }
    if (message !== null) {
      this.#events.deliver(message)
    }
  }

  #move(position: Position): void {
    this.#fill = null
    this.#held.clear()
    this.#position = position
    this.#newest = position.offset
  }

  #isBehind(): boolean {
    return this.#position !== null && this.#newest > this.#position.offset
  }

  #message({ data, messageId, offset, timestamp }: Publication, epoch: string): Message {
    return Object.freeze({ channel: this.#channel, data, messageId, offset, epoch, timestamp })
  }
}
