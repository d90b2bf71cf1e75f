import { isWhole, look, NOTHING_SEEN } from './integrity.js'
import type { Numbered, Placed, Verdict } from './integrity.js'

/** How far a burst is. Immutable; a change makes another one. */
export interface BurstState {
  readonly size: number
  readonly confirmed: number
  readonly failed: number
  readonly verdict: Verdict
  /** From the first call until all were confirmed and received, in milliseconds; null until then. */
  readonly tookMs: number | null
}

export interface BurstEnvironment {
  readonly now: () => number
  /** Calls back soon, once for all changes until then. */
  readonly schedule: (callback: () => void) => void
  readonly id: () => string
}

/** Publishes many messages at once and holds what comes back against them. */
export class Burst {
  readonly #env: BurstEnvironment
  readonly #listeners = new Set<() => void>()
  #run = ''
  #began = 0
  #state: BurstState | null = null
  #scheduled = false

  constructor(env: BurstEnvironment) {
    this.#env = env
  }

  /** Null before the first one; the same object until something changes. */
  readonly snapshot = (): BurstState | null => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /**
   * Begins another one.
   *
   * @param cuts after how many confirmations `cut` is called
   */
  start(size: number, publish: (data: Numbered) => Promise<unknown>, cuts: readonly number[], cut: () => void): void {
    const run = this.#env.id()
    this.#run = run
    this.#began = this.#env.now()
    this.#become({ size, confirmed: 0, failed: 0, verdict: NOTHING_SEEN, tookMs: null })
    for (let n = 1; n <= size; n++) {
      publish({ run, n }).then(
        () => {
          const confirmed = this.#count(run, 'confirmed')
          if (cuts.includes(confirmed)) cut()
        },
        () => {
          this.#count(run, 'failed')
        },
      )
    }
  }

  /** A message has come; those of other windows and earlier bursts do not count. */
  readonly receive = (message: Placed): void => {
    if (this.#state !== null && message.data.run === this.#run) {
      this.#become({ ...this.#state, verdict: look(this.#state.verdict, message) })
    }
  }

  #count(run: string, what: 'confirmed' | 'failed'): number {
    if (this.#state === null || run !== this.#run) return 0
    const count = this.#state[what] + 1
    this.#become({ ...this.#state, [what]: count })
    return count
  }

  #become(state: BurstState): void {
    const isDone = state.tookMs === null && state.confirmed + state.failed === state.size && lacking(state) === 0
    this.#state = isDone ? { ...state, tookMs: this.#env.now() - this.#began } : state
    if (this.#scheduled) return
    this.#scheduled = true
    this.#env.schedule(() => {
      this.#scheduled = false
      for (const listener of this.#listeners) listener()
    })
  }
}

/** How many of those that the server has are not here yet, or never will be. */
export function lacking({ size, failed, verdict }: BurstState): number {
  return Math.max(0, size - failed - verdict.received)
}

/** Whether it has ended, and as it was promised. */
export function isProven(state: BurstState): boolean {
  return state.tookMs !== null && state.failed === 0 && isWhole(state.verdict, 0)
}
