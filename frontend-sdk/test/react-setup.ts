import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean
}

globalThis.IS_REACT_ACT_ENVIRONMENT = true

/** A frame follows each turn, so that tests of anything else need not wait for a screen. Fake timers of a test replace it. */
const frames = new Set<number>()
let last = 0
globalThis.requestAnimationFrame = (callback) => {
  const frame = ++last
  frames.add(frame)
  queueMicrotask(() => {
    if (frames.delete(frame)) callback(performance.now())
  })
  return frame
}
globalThis.cancelAnimationFrame = (frame) => void frames.delete(frame)

afterEach(cleanup)
