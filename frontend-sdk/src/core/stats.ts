import { Listeners } from './environment.js'
import type { Environment } from './environment.js'
import type { ClientStats } from './types.js'

type Counter = keyof ClientStats

/** Counts; whoever listens is told once for all changes of one turn. */
export class Stats {
  readonly listeners: Listeners<ClientStats>
  readonly #counters: { -readonly [Name in Counter]: ClientStats[Name] } = {
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
  #snapshot: ClientStats | null = null
  #told = true

  constructor(env: Environment) {
    this.listeners = new Listeners(env)
  }

  /** The same object until a count changes. */
  get snapshot(): ClientStats {
    return (this.#snapshot ??= { ...this.#counters })
  }

  count(name: Counter): void {
    this.#counters[name]++
    this.#snapshot = null
    if (this.#told && this.listeners.size > 0) {
      this.#told = false
      queueMicrotask(() => {
        this.#told = true
        this.listeners.emit(this.snapshot)
      })
    }
  }
}
