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
<<<<<<< HEAD
  let snapshot = NO_STATS
=======
  const counts: { -readonly [Name in keyof ClientStats]: number } = {
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
  /** Null when a count has changed. */
  let snapshot: ClientStats | null = null
  const shown = (): ClientStats => (snapshot ??= Object.freeze({ ...counts }))
>>>>>>> attack1
  const listeners = createListeners<ClientStats>(report)
  const changed = oncePerTurn(() => {
    listeners.emit(shown())
  })
  return {
    get snapshot() {
      return shown()
    },
    count(name) {
      counts[name]++
      snapshot = null
      changed()
    },
    onChange: listeners.add,
  }
}
