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

/** A clock whose timers can all be ended. */
export interface EndableClock extends Clock {
  /** No timer runs any more, nor any that is set from now on. */
  readonly end: () => void
}

export function endable(clock: Clock): EndableClock {
  const timers = new Set<number>()
  let hasEnded = false
  const clearTimer = (timer: number): void => {
    timers.delete(timer)
    clock.clearTimer(timer)
  }
  return {
    now: () => clock.now(),
    setTimer(callback, ms) {
      if (hasEnded) {
        return 0
      }
      const timer = clock.setTimer(() => {
        timers.delete(timer)
        callback()
      }, ms)
      timers.add(timer)
      return timer
    },
    clearTimer,
    end() {
      hasEnded = true
      timers.forEach(clearTimer)
    },
  }
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

/** What this promise settles with; rejects when that takes longer. */
export function within<Value>(clock: Clock, ms: number, promise: Promise<Value> | Value): Promise<Value> {
  const timer = createTimer(clock)
  const late = new Promise<never>((_, reject) => {
    timer.set(ms, () => {
      reject(new Error(`no answer within ${ms} ms`))
    })
  })
  return Promise.race([promise, late]).finally(timer.clear)
}
