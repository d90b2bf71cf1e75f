import { messageOf } from './protocol.js'
import type { Publication } from './protocol.js'
import type { Gap, HistoryPage, Message, Position } from './types.js'

export interface CursorEvents {
  readonly put: (item: Message | Gap) => void
  readonly duplicate: () => void
  /** Reads from the channel's history; null when it cannot be had. */
  readonly history: (since: Position, limit: number) => Promise<HistoryPage | null>
  /** Whether a publication of this client is on its way that will fill a hole by its ack. */
  readonly awaitsOwn: () => boolean
  /** The stream is of another epoch than this cursor, which only a new subscription can put right. */
  readonly astray: () => void
}

/** Publications that wait behind a hole; what comes beyond is read from the history later. */
const MOST_HELD = 1_000

/** Own publications that wait behind offsets that should have come long ago. */
const MOST_WITHHELD = 64

/** Largest page of a history. */
export const LARGEST_PAGE = 1_000

/**
 * A subscription's place in a channel's stream, and the rule of delivery: each offset once, in order, or as part of a gap.
 *
 * The next offset is delivered; a known one is dropped; what comes behind a hole is held until the hole is filled from the history.
 * What the history does not have is lost. Only an ack or a gap leads to another epoch.
 */
export interface Cursor {
  /** Null until the first ack. */
  readonly position: Position | null
  /**
   * The ack of a subscription. When not everything after what was asked for is recovered, a gap follows, and says where it goes on.
   *
   * @param since what was asked for; null for what comes from now on
   */
  readonly begin: (at: Position, recovered: boolean, since: Position | null) => void
  /** The connection is gone: what comes next comes by a new subscription after {@link position}. */
  readonly interrupt: () => void
  readonly message: (publication: Publication) => void
  /** This client's own publication, which the server withholds from it, is there; null when it will fill no hole. */
  readonly withheld: (at: Position | null) => void
  /** A gap that the server announces. */
  readonly gap: (gap: Gap) => void
}

export function createCursor(channel: string, events: CursorEvents): Cursor {
  /** Behind a hole, by offset; null for what was withheld from this client. */
  const held = new Map<number, Message | null>()
  let position: Position | null = null
  /** The newest offset that is known to be on its way. */
  let newest = 0
  let expectsGap = false
  /** The read of the history that is going on. */
  let fill: object | null = null

  const move = (to: Position): void => {
    fill = null
    held.clear()
    position = to
    newest = to.offset
  }

  const pass = (message: Message | null, epoch: string, offset: number): void => {
    held.delete(offset)
    position = { epoch, offset }
    if (message !== null) {
      events.put(message)
    }
  }

  /** Passes on what is held up to the next hole. */
  const flush = (): void => {
    for (;;) {
      const message = position && held.get(position.offset + 1)
      if (position === null || message === undefined) {
        return
      }
      pass(message, position.epoch, position.offset + 1)
    }
  }

  /** Whatever up to this offset is not held is lost. */
  const loseUpTo = (to: number, reason: Gap['reason']): void => {
    flush()
    while (position !== null && position.offset < to) {
      const from = position.offset + 1
      const end = Math.min(...held.keys(), to + 1) - 1
      position = { epoch: position.epoch, offset: end }
      events.put({ channel, from, to: end, reason, position })
      flush()
    }
  }

  /** Fills the hole, if there is one and nothing else will. */
  const settle = (): void => {
    if (fill === null && isBehind() && !events.awaitsOwn()) {
      void readOn((fill = {}))
    }
  }

  const isBehind = (): boolean => position !== null && newest > position.offset

  const expect = (offset: number): void => {
    newest = Math.max(newest, offset)
    settle()
  }

  const readOn = async (mine: object): Promise<void> => {
    while (fill === mine && position !== null && isBehind()) {
      const since: Position = position
      const page = await events.history(since, Math.min(LARGEST_PAGE, newest - since.offset))
      if (fill === mine) {
        take(page, since)
      }
    }
    if (fill === mine) {
      fill = null
    }
  }

  /** Takes a page that was asked for; at least one offset is settled by it. */
  const take = (page: HistoryPage | null, since: Position): void => {
    if (page !== null && page.top.epoch !== since.epoch) {
      fill = null
      events.astray()
      return
    }
    const before = position
    for (const message of page?.messages ?? []) {
      if (message.offset > (position?.offset ?? 0) && !held.has(message.offset)) {
        held.set(message.offset, message)
      }
    }
    if (page?.gap !== undefined) {
      loseUpTo(Math.min(page.gap.to, newest), page.gap.reason)
    }
    flush()
    if (position === before) {
      loseUpTo(Math.min(...held.keys(), newest + 1) - 1, 'unrecoverable')
    }
  }

  return {
    get position() {
      return position
    },

    begin(at, recovered, since) {
      expectsGap = !recovered
      if (position === null || (recovered && at.epoch !== position.epoch)) {
        move(recovered || since === null ? at : since)
      }
    },

    interrupt() {
      if (position !== null) {
        move(position)
      }
      expectsGap = false
    },

    message(publication) {
      const { offset } = publication
      if (position === null) {
        return
      }
      if (offset <= position.offset || held.has(offset)) {
        events.duplicate()
        return
      }
      const message = messageOf(channel, position.epoch, publication)
      if (offset === position.offset + 1) {
        pass(message, position.epoch, offset)
        flush()
      } else {
        if (held.size < MOST_HELD) {
          held.set(offset, message)
        }
        expect(offset)
      }
    },

    withheld(at) {
      if (at !== null && at.epoch === position?.epoch && at.offset > position.offset) {
        const { offset } = at
        held.set(offset, null)
        flush()
        if (held.size > MOST_WITHHELD) {
          newest = Math.max(newest, offset)
        }
      }
      settle()
    },

    gap(gap) {
      if (position === null) {
        return
      }
      const isOther = gap.position.epoch !== position.epoch
      const isExpected = expectsGap
      expectsGap = false
      if (gap.reason === 'epoch' || isOther) {
        if (isExpected || isOther) {
          loseUpTo(newest, 'unrecoverable')
          move(gap.position)
          events.put(gap)
        }
      } else if (isExpected || gap.from <= position.offset + 1) {
        loseUpTo(gap.to, gap.reason)
      } else {
        // Something before the gap is missing, too: the history knows
        expect(gap.to)
      }
    },
  }
}
