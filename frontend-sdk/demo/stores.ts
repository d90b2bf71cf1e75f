import { Burst } from './burst.js'
import { Faults } from './faulty-socket.js'
import { Journal } from './journal.js'
import { randomId } from './random-id.js'

/** What lives as long as the page, beside React. */
export const faults = new Faults(WebSocket)
export const journal = new Journal(Date.now)
export const burst = new Burst({
  now: () => performance.now(),
  // Frames stop in a window that nobody sees
  schedule: (callback) => void setTimeout(callback, 16),
  id: randomId,
})

/** This window, for as long as it is there: a reload is the same, and another tab is not. */
export const me = (sessionStorage.me as string | undefined) ?? randomId()
sessionStorage.me = me
