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
export interface Timer {
  readonly pending: boolean
  readonly set: (ms: number, callback: () => void) => void
  readonly clear: () => void
}

export function createTimer(clock: Clock): Timer {
  let id: number | undefined
  const clear = (): void => {
    if (id !== undefined) {
      clock.clearTimer(id)
      id = undefined
    }
  }
  return {
    get pending() {
      return id !== undefined
    },
    set(ms, callback) {
      clear()
      id = clock.setTimer(() => {
        id = undefined
        callback()
      }, ms)
    },
    clear,
  }
}

/** Resolves after so many milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms)
  })
}
