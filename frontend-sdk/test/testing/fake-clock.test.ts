import { expect, it, vi } from 'vitest'
import { FakeClock } from '../../src/testing/index.js'

it('stands still until it is told to go on', async () => {
  const clock = new FakeClock(1_000)
  expect(clock.now()).toBe(1_000)
  await clock.advance(50)
  expect(clock.now()).toBe(1_050)
})

it('runs what is due in order of time, and of setting where that is equal', async () => {
  const clock = new FakeClock()
  const ran: string[] = []
  clock.setTimer(() => ran.push(`second at ${clock.now()}`), 20)
  clock.setTimer(() => ran.push(`first at ${clock.now()}`), 10)
  clock.setTimer(() => ran.push(`third at ${clock.now()}`), 20)
  clock.setTimer(() => ran.push('later'), 31)
  await clock.advance(30)
  expect(ran).toEqual(['first at 10', 'second at 20', 'third at 20'])
  expect(clock.pending).toBe(1)
})

it('runs what is set meanwhile, at its time', async () => {
  const clock = new FakeClock()
  const ran: number[] = []
  clock.setTimer(() => {
    clock.setTimer(() => ran.push(clock.now()), 5)
  }, 10)
  await clock.advance(20)
  expect(ran).toEqual([15])
  expect(clock.now()).toBe(20)
})

it('lets promises settle before, in between and after', async () => {
  const clock = new FakeClock()
  const ran: string[] = []
  void deep(20).then(() => clock.setTimer(() => ran.push('set before'), 1))
  clock.setTimer(() => void deep(20).then(() => ran.push('promised')), 2)
  clock.setTimer(() => ran.push('next'), 3)
  await clock.advance(3)
  expect(ran).toEqual(['set before', 'promised', 'next'])
})

it('a timer that was cleared does not run', async () => {
  const clock = new FakeClock()
  const ran: string[] = []
  const timer = clock.setTimer(() => ran.push('never'), 1)
  clock.clearTimer(timer)
  await clock.advance(2)
  expect(ran).toEqual([])
  expect(clock.pending).toBe(0)
})

it('a negative time is now, and no number an error', async () => {
  const clock = new FakeClock()
  const ran: number[] = []
  clock.setTimer(() => ran.push(clock.now()), -5)
  await clock.advance(0)
  expect(ran).toEqual([0])
  expect(() => clock.setTimer(() => undefined, NaN)).toThrow(RangeError)
})

it('tells what a timer throws, and goes on afterwards', async () => {
  const clock = new FakeClock()
  clock.setTimer(() => {
    throw new Error('wrong')
  }, 1)
  await expect(clock.advance(2)).rejects.toThrow('wrong')
  await clock.advance(1)
  expect(clock.now()).toBe(2)
})

it('gives up on timers that set each other for ever', async () => {
  const clock = new FakeClock()
  const again = (): void => void clock.setTimer(again, 0)
  again()
  await expect(clock.advance(1)).rejects.toThrow('they set each other')
})

it('does the same in a browser, which has no setImmediate', async () => {
  vi.stubGlobal('setImmediate', undefined)
  vi.resetModules()
  const { FakeClock: BrowserClock } = await import('../../src/testing/index.js')
  vi.unstubAllGlobals()
  const clock = new BrowserClock()
  const ran: string[] = []
  clock.setTimer(() => void deep(20).then(() => ran.push('promised')), 1)
  clock.setTimer(() => ran.push('next'), 2)
  await clock.advance(2)
  expect(ran).toEqual(['promised', 'next'])
})

async function deep(levels: number): Promise<void> {
  for (let i = 0; i < levels; i++) await Promise.resolve()
}
