import { beforeEach, describe, expect, it } from 'vitest'
import { createCursor } from '../../src/core/cursor.js'
import type { Cursor } from '../../src/core/cursor.js'
import { messageOf } from '../../src/core/protocol.js'
import type { Publication } from '../../src/core/protocol.js'
import type { Gap, HistoryPage, Position } from '../../src/index.js'

const at = (offset: number, epoch = 'e'): Position => ({ epoch, offset })
const publication = (offset: number): Publication => ({ offset, data: offset, messageId: `m${offset}`, timestamp: 0 })
const gap = (from: number, to: number, reason: Gap['reason'], position = at(to)): Gap => ({
  channel: 'c',
  from,
  to,
  reason,
  position,
})

describe('a cursor', () => {
  let lines: string[]
  let reads: { since: Position; limit: number; answer: (page: HistoryPage | null) => void }[]
  let awaitsOwn: boolean
  let cursor: Cursor

  beforeEach(() => {
    lines = []
    reads = []
    awaitsOwn = false
    cursor = createCursor('c', {
      put(item) {
        if ('position' in item) {
          lines.push(`${item.reason} ${item.from}-${item.to}`)
        } else {
          lines.push(item.epoch === 'e' ? String(item.offset) : `${item.epoch}${item.offset}`)
        }
      },
      duplicate: () => lines.push('duplicate'),
      history: (since, limit) =>
        new Promise((answer) => {
          reads.push({ since, limit, answer })
        }),
      awaitsOwn: () => awaitsOwn,
      astray: () => lines.push('astray'),
    })
    cursor.begin(at(1), true, null)
  })

  const receive = (...offsets: number[]): void => {
    for (const offset of offsets) {
      cursor.message(publication(offset))
    }
  }
  const page = (offsets: number[], missing?: Gap, top = at(100)): HistoryPage => ({
    messages: offsets.map((offset) => messageOf('c', top.epoch, publication(offset))),
    top,
    ...(missing && { gap: missing }),
  })
  const answer = async (result: HistoryPage | null): Promise<void> => {
    reads.shift()?.answer(result)
    await new Promise(setImmediate)
  }

  it('delivers the next, drops the known', () => {
    receive(2, 3, 3, 1, 4)
    expect(lines).toEqual(['2', '3', 'duplicate', 'duplicate', '4'])
  })

  it('holds what is behind a hole until it is filled, by the stream or the history', async () => {
    receive(3, 5, 2)
    expect(lines).toEqual(['2', '3'])
    await answer(page([2, 3, 4, 5]))
    expect(lines).toEqual(['2', '3', '4', '5'])
    expect(reads).toEqual([])
  })

  it('reads on until the hole is filled', async () => {
    receive(6)
    await answer(page([2, 3]))
    expect(reads).toMatchObject([{ since: at(3), limit: 3 }])
    await answer(page([4, 5]))
    expect(lines).toEqual(['2', '3', '4', '5', '6'])
  })

  it('loses what the history does not have, and nothing else', async () => {
    receive(4, 8)
    await answer(page([7], gap(2, 6, 'trimmed')))
    expect(lines).toEqual(['trimmed 2-3', '4', 'trimmed 5-6', '7', '8'])
    receive(10)
    await answer(null)
    expect(lines.slice(5)).toEqual(['unrecoverable 9-9', '10'])
    receive(12)
    await answer(page([12]))
    expect(lines.slice(7)).toEqual(['unrecoverable 11-11', '12'])
  })

  it('holds at most a thousand, and reads the others from the history', async () => {
    receive(...Array.from({ length: 1_500 }, (_, n) => n + 3))
    expect(reads).toHaveLength(1)
    await answer(page([2]))
    expect(lines).toHaveLength(1_001)
    expect(reads).toMatchObject([{ since: at(1_002), limit: 500 }])
    await answer(page(Array.from({ length: 500 }, (_, n) => n + 1_003)))
    expect(lines).toEqual(Array.from({ length: 1_501 }, (_, n) => String(n + 2)))
  })

  it('moves behind a gap of the server', () => {
    cursor.gap(gap(2, 5, 'skipped'))
    cursor.gap(gap(2, 5, 'skipped'))
    receive(5, 6)
    expect(lines).toEqual(['skipped 2-5', 'duplicate', '6'])
  })

  it('delivers what it holds in a gap of the server', () => {
    receive(4)
    cursor.gap(gap(2, 5, 'skipped'))
    expect(lines).toEqual(['skipped 2-3', '4', 'skipped 5-5'])
  })

  it('goes to another epoch by a gap only, and says what it could not deliver of the old one', () => {
    receive(3)
    cursor.gap(gap(4, 3, 'epoch', at(0, 'f')))
    receive(1)
    expect(lines).toEqual(['unrecoverable 2-2', '3', 'epoch 4-3', 'f1'])
    expect(cursor.position).toEqual(at(1, 'f'))
  })

  it('goes back within an epoch when its position never existed', () => {
    cursor.interrupt()
    cursor.begin(at(0), false, at(1))
    cursor.gap(gap(2, 1, 'epoch', at(0)))
    receive(1)
    expect(lines).toEqual(['epoch 2-1', '1'])
  })

  it('asks for another connection when the history is of another epoch', async () => {
    receive(3)
    await answer(page([1], gap(2, 1, 'epoch', at(0, 'f')), at(1, 'f')))
    expect(lines).toEqual(['astray'])
  })

  it('forgets what it holds when the connection is gone, also the read that is going on', async () => {
    receive(3)
    cursor.interrupt()
    cursor.begin(at(1), true, at(1))
    receive(2, 3)
    await answer(page([2]))
    expect(lines).toEqual(['2', '3'])
  })

  it('fills the hole of an own publication by its ack, before or after what follows', () => {
    cursor.withheld(at(2))
    receive(3)
    awaitsOwn = true
    receive(5)
    expect(reads).toEqual([])
    awaitsOwn = false
    cursor.withheld(at(4))
    expect(lines).toEqual(['3', '5'])
    cursor.withheld(at(7, 'other'))
    cursor.withheld(at(7))
    receive(6, 8)
    expect(lines).toEqual(['3', '5', '6', '8'])
    expect(reads).toEqual([])
  })

  it('reads the history when an own publication was not answered', () => {
    awaitsOwn = true
    receive(3)
    awaitsOwn = false
    cursor.withheld(null)
    expect(reads).toMatchObject([{ since: at(1), limit: 2 }])
  })
})
