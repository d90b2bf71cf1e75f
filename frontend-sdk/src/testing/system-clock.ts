import type { Clock } from '../core/types.js'

const timers = new Map<number, unknown>()
let last = 0

/** The time of day. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, ms) {
    const timer = ++last
    const handle: unknown = setTimeout(() => {
      timers.delete(timer)
      callback()
    }, ms)
    timers.set(timer, handle)
    if (isDetachable(handle)) handle.unref()
    return timer
  },
  clearTimer(timer) {
    clearTimeout(timers.get(timer) as number | undefined)
    timers.delete(timer)
  },
}

/** Node's timers are. */
function isDetachable(handle: unknown): handle is { unref(): void } {
  return typeof handle === 'object' && handle !== null && 'unref' in handle
}
