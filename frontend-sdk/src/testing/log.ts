import type { Position } from '../core/types.js'

/** One entry of a stream. */
export interface Publication {
  readonly offset: number
  readonly epoch: string
  readonly messageId: string
  readonly data: unknown
  readonly timestamp: number
  /** The client that does not get it, since it is its own and it asked not to. */
  readonly withheldFrom: string | null
}

/** The data of a gap. */
export interface Missing {
  readonly from: number
  readonly to: number
  readonly reason: 'trimmed' | 'epoch'
  readonly epoch: string
  readonly offset: number
}

/** Where delivery begins for one who knows a position, and what is missing before it. */
export interface Recovery {
  readonly start: Position
  readonly gap: Missing | undefined
}

/** One stream: its epoch, its offsets, and of its publications the newest. */
export class ChannelLog {
  /** Everything that was ever published, in all epochs. */
  readonly all: Publication[] = []
  #epoch: string
  #top = 0
  #history: Publication[] = []
  readonly #seen = new Map<string, Position>()

  constructor(epoch: string) {
    this.#epoch = epoch
  }

  get top(): Position {
    return { epoch: this.#epoch, offset: this.#top }
  }

  /** The place before the oldest publication that there is. */
  get bottom(): Position {
    return { epoch: this.#epoch, offset: this.#top - this.#history.length }
  }

  /** Adds a publication, or says where the one with this id is. */
  append(entry: Omit<Publication, 'offset' | 'epoch'>): { readonly position: Position; readonly duplicate: boolean } {
    const first = this.#seen.get(entry.messageId)
    if (first !== undefined) return { position: first, duplicate: true }
    const position = { epoch: this.#epoch, offset: ++this.#top }
    const publication = { ...entry, ...position }
    this.#history.push(publication)
    this.all.push(publication)
    this.#seen.set(entry.messageId, position)
    return { position, duplicate: false }
  }

  /** Keeps only so many of the newest. */
  trim(keep: number): void {
    this.#history.splice(0, Math.max(0, this.#history.length - keep))
  }

  /** Begins anew; what was there is forgotten. */
  renew(epoch: string): void {
    this.#epoch = epoch
    this.#top = 0
    this.#history = []
    this.#seen.clear()
  }

  recover(since: Position): Recovery {
    const start = this.bottom
    if (since.epoch !== this.#epoch || since.offset > this.#top) {
      return { start, gap: { from: since.offset + 1, to: since.offset, reason: 'epoch', ...start } }
    }
    if (since.offset >= start.offset) return { start: since, gap: undefined }
    return { start, gap: { from: since.offset + 1, to: start.offset, reason: 'trimmed', ...start } }
  }

  /** Those after an offset that is not before the bottom. */
  after(offset: number): readonly Publication[] {
    return this.#history.slice(offset - this.bottom.offset)
  }
}
