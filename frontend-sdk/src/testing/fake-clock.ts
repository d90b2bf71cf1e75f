import type { Clock } from '../core/types.js'

/** Timers that one {@link FakeClock.advance} may run: who needs more sets one from the other for ever. */
const MAX_TIMERS = 100_000

/** Taken when the module loads, so that fake timers of a test runner do not stop it. */
const { setImmediate: immediate } = globalThis as { setImmediate?: (callback: () => void) => unknown }

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number
  #last = 0
  readonly #timers = new Map<number, { readonly due: number; readonly callback: () => void }>()

  /** @param start what {@link now} tells at the beginning; default 0 */
  constructor(start = 0) {
    this.#now = start
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, ms: number): number {
    if (Number.isNaN(ms)) throw new RangeError('a timer needs a number of milliseconds')
    const timer = ++this.#last
    this.#timers.set(timer, { due: this.#now + Math.max(0, ms), callback })
    return timer
  }

  clearTimer(timer: number): void {
    this.#timers.delete(timer)
  }

  /**
   * Lets so much time pass: runs the timers that are due, in order, also those that are set meanwhile, and lets promises settle before,
   * in between and after. Rejects with what a timer throws.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let ran = 0; ; ran++) {
      const timer = this.#next(end)
      if (timer === undefined) break
      if (ran === MAX_TIMERS) throw new Error(`${MAX_TIMERS} timers ran within ${ms} ms: they set each other`)
      this.#run(timer)
      await settle()
    }
    this.#now = Math.max(this.#now, end)
  }

  #run(timer: number): void {
    const entry = this.#timers.get(timer)
    if (entry === undefined) return
    this.#timers.delete(timer)
    this.#now = Math.max(this.#now, entry.due)
    entry.callback()
  }

  #next(end: number): number | undefined {
    let found: number | undefined
    let earliest = end
    for (const [timer, { due }] of this.#timers) {
      if (due < earliest || (due === earliest && found === undefined)) {
        found = timer
        earliest = due
      }
    }
    return found
  }
}

/** A task of its own, before which every promise that can settle has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate !== undefined) {
      immediate(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
