import { expect, it } from 'vitest'
import { Burst, isProven, lacking } from './burst.js'
import type { Numbered } from './integrity.js'

/** A burst whose messages wait until the test confirms or refuses them. */
function begin(size: number, cuts: readonly number[] = []) {
  const scheduled: (() => void)[] = []
  const answers: { readonly data: Numbered; confirm: () => void; refuse: () => void }[] = []
  const world = { now: 0, cut: 0, told: 0 }
  const burst = new Burst({ now: () => world.now, schedule: (callback) => scheduled.push(callback), id: () => 'mine' })
  burst.subscribe(() => world.told++)
  burst.start(
    size,
    (data) =>
      new Promise<void>((resolve, reject) => {
        answers.push({ data, confirm: resolve, refuse: () => reject(new Error('refused')) })
      }),
    cuts,
    () => world.cut++,
  )
  const state = () => {
    const current = burst.snapshot()
    if (current === null) throw new Error('it has begun')
    return current
  }
  const receive = (n: number, run = 'mine') => burst.receive({ epoch: 'e', offset: n, data: { run, n } })
  const flush = () => scheduled.splice(0).forEach((callback) => callback())
  return { world, answers, state, receive, flush }
}

const turn = () => Promise.resolve()

it('is proven when each was confirmed and received once', async () => {
  const { world, answers, state, receive } = begin(3)
  expect(answers.map(({ data }) => data.n)).toEqual([1, 2, 3])
  answers.forEach(({ confirm }) => confirm())
  await turn()
  receive(1)
  receive(2)
  expect(state()).toMatchObject({ confirmed: 3, tookMs: null })
  expect(lacking(state())).toBe(1)
  world.now = 40
  receive(3)
  expect(state().tookMs).toBe(40)
  expect(isProven(state())).toBe(true)
})

it('is not proven when one came twice', async () => {
  const { answers, state, receive } = begin(1)
  receive(1)
  receive(1)
  answers.forEach(({ confirm }) => confirm())
  await turn()
  expect(state().verdict.twice).toBe(1)
  expect(isProven(state())).toBe(false)
})

it('ends without those that were refused, and is not proven', async () => {
  const { answers, state, receive } = begin(2)
  answers[0]?.confirm()
  answers[1]?.refuse()
  await turn()
  receive(1)
  expect(state()).toMatchObject({ confirmed: 1, failed: 1, tookMs: 0 })
  expect(isProven(state())).toBe(false)
})

it('does not count those of others', () => {
  const { state, receive } = begin(1)
  receive(1, 'other')
  expect(state().verdict.received).toBe(0)
})

it('cuts where it was told to, and tells its listeners once for many changes', async () => {
  const { world, answers, flush } = begin(4, [1, 3])
  for (const { confirm } of answers) {
    confirm()
    await turn()
  }
  expect(world.cut).toBe(2)
  expect(world.told).toBe(0)
  flush()
  expect(world.told).toBe(1)
})
