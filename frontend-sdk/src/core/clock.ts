import type { Clock } from './types.js'

/** Longer timers fire at once in browsers. */
const LONGEST_MS = 2 ** 31 - 1

/** The time of day, since it goes on while the device sleeps. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // The + makes a number of the object that Node returns
  setTimer: (callback, ms) => +setTimeout(callback, Math.min(ms, LONGEST_MS)),
  clearTimer: (timer) => {
    clearTimeout(timer)
  },
}

/** One timer that can be set again and cleared. */
export class Timer {
  readonly #clock: Clock
  #id: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get pending(): boolean {
    return this.#id !== undefined
  }

  set(ms: number, callback: () => void): void {
    this.clear()
    this.#id = this.#clock.setTimer(() => {
      this.#id = undefined
      callback()
    }, ms)
  }

  clear(): void {
    if (this.#id !== undefined) {
      this.#clock.clearTimer(this.#id)
      this.#id = undefined
    }
  }
}
