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

/** Timers that can all be ended. */
export interface Timers {
  readonly timer: () => Timer
  /** No timer runs any more, nor any that is set from now on. */
  readonly end: () => void
}

export function createTimers(clock: Clock): Timers {
  const running = new Set<() => void>()
  let hasEnded = false
  return {
    timer() {
      let id = 0
      const clear = (): void => {
        if (running.delete(clear)) {
          clock.clearTimer(id)
        }
      }
      return {
        get pending() {
          return running.has(clear)
        },
        set(ms, callback) {
          clear()
          if (!hasEnded) {
            running.add(clear)
            id = clock.setTimer(() => {
              running.delete(clear)
              callback()
            }, ms)
          }
        },
        clear,
      }
    },
    end() {
      hasEnded = true
      running.forEach((clear) => {
        clear()
      })
    },
  }
}

/** Resolves after so many milliseconds. */
export function pause({ timer }: Pick<Timers, 'timer'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timer().set(ms, resolve)
  })
}

/** What this promise settles with; rejects when that takes longer. */
export function within<Value>(
  timers: Pick<Timers, 'timer'>,
  ms: number,
  promise: Promise<Value> | Value,
): Promise<Value> {
  const timer = timers.timer()
  const late = new Promise<never>((_, reject) => {
    timer.set(ms, () => {
      reject(new Error(`no answer within ${ms} ms`))
    })
  })
  return Promise.race([promise, late]).finally(timer.clear)
}
