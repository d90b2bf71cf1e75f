import { expect, it } from 'vitest'
import { isWhole, look, NOTHING_SEEN } from './integrity.js'
import type { Placed, Verdict } from './integrity.js'

const at = (offset: number, n: number, run = 'a', epoch = 'e'): Placed => ({ epoch, offset, data: { run, n } })

const seen = (...messages: readonly Placed[]): Verdict => messages.reduce(look, NOTHING_SEEN)

it('finds nothing wrong with what comes in order, of several publishers, from the middle of the channel', () => {
  const verdict = seen(at(7, 3), at(8, 1, 'b'), at(9, 4), at(10, 2, 'b'))
  expect(verdict).toMatchObject({ received: 4, skipped: 0, missing: 0, twice: 0 })
  expect(isWhole(verdict, 0)).toBe(true)
})

it('finds an offset that was passed over, whole only when a gap told of it', () => {
  const verdict = seen(at(1, 1), at(4, 4), at(5, 5))
  expect(verdict).toMatchObject({ received: 3, skipped: 2, missing: 0, twice: 0 })
  expect(isWhole(verdict, 1)).toBe(false)
  expect(isWhole(verdict, 2)).toBe(true)
})

it('finds a publication that never got an offset', () => {
  const verdict = seen(at(1, 1), at(2, 1, 'b'), at(3, 3))
  expect(verdict).toMatchObject({ skipped: 0, missing: 1, twice: 0 })
  expect(isWhole(verdict, 10)).toBe(false)
})

it('finds what comes again, under the same offset or another', () => {
  expect(seen(at(1, 1), at(1, 1))).toMatchObject({ received: 1, twice: 1 })
  expect(seen(at(1, 1), at(2, 1))).toMatchObject({ received: 2, twice: 1 })
})

it('finds what comes too late', () => {
  expect(seen(at(1, 1), at(3, 3), at(2, 2))).toMatchObject({ skipped: 1, twice: 1 })
  expect(seen(at(1, 2), at(2, 1))).toMatchObject({ missing: 0, twice: 1 })
})

it('begins anew with another epoch, whose offsets do not compare', () => {
  const verdict = seen(at(8, 8), at(1, 11, 'a', 'f'), at(2, 12, 'a', 'f'))
  expect(verdict).toMatchObject({ received: 3, skipped: 0, missing: 0, twice: 0 })
})

it('counts again behind a hole, also of runs that come later', () => {
  const verdict = seen(at(1, 1), at(2, 1, 'b'), at(5, 2), at(6, 4, 'b'), at(7, 6, 'b'))
  expect(verdict).toMatchObject({ skipped: 2, missing: 1 })
})
