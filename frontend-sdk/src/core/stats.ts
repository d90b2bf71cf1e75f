import { createListeners, oncePerTurn } from './calls.js'
import type { Report } from './calls.js'
import type { ClientStats } from './types.js'

/** Counts; whoever listens is told once for all changes of one turn. */
export interface Stats {
  /** The same object until a count changes. */
  readonly snapshot: ClientStats
  readonly count: (name: keyof ClientStats) => void
  readonly onChange: (listener: (stats: ClientStats) => void) => () => void
}

export const NO_STATS: ClientStats = {
  received: 0,
  delivered: 0,
  duplicates: 0,
  gaps: 0,
  sent: 0,
  confirmed: 0,
  failed: 0,
  connections: 0,
  failures: 0,
  sockets: 0,
}

export function createStats(report: Report): Stats {
  let snapshot = NO_STATS
  const listeners = createListeners<ClientStats>(report)
  const changed = oncePerTurn(() => {
    listeners.emit(snapshot)
  })
  return {
    get snapshot() {
      return snapshot
    },
    count(name) {
      snapshot = { ...snapshot, [name]: snapshot[name] + 1 }
      changed()
    },
    onChange: listeners.add,
  }
}
