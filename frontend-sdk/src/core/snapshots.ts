import { handlerThrew, pause } from './environment.js'
import type { Environment } from './environment.js'

/** What subscribers give as `snapshot`. */
export type Loader = (channel: string) => Promise<void>

/** Pauses between attempts to load what did not load, in milliseconds; the last one goes on. */
const PAUSES = [1_000, 2_000, 5_000, 15_000]

/** The snapshots of one channel: subscribers with the same loader share its runs. */
export class Snapshots {
  readonly #env: Environment
  readonly #channel: string
  readonly #wanted: (loader: Loader) => boolean
  readonly #runs = new Map<Loader, { readonly reason: object | null; readonly done: Promise<void> }>()

  /** @param wanted whether a subscriber with this loader is left */
  constructor(env: Environment, channel: string, wanted: (loader: Loader) => boolean) {
    this.#env = env
    this.#channel = channel
    this.#wanted = wanted
  }

  /**
   * Resolves when the snapshot is there; never rejects, since it is tried again as long as somebody wants it.
   *
   * @param reason the gap after which it is loaded; null for the beginning, for which any run does that was not given up
   */
  load(loader: Loader, reason: object | null): Promise<void> {
    const run = this.#runs.get(loader)
    if (run !== undefined && (reason === null || reason === run.reason)) {
      return run.done
    }
    const done = this.#run(loader)
    this.#runs.set(loader, { reason, done })
    return done
  }

  /** Forgets what nobody keeps up to date any more. */
  forget(loader: Loader): void {
    if (!this.#wanted(loader)) {
      this.#runs.delete(loader)
    }
  }

  async #run(loader: Loader): Promise<void> {
    for (let attempt = 0; this.#wanted(loader); attempt++) {
      try {
        await loader(this.#channel)
        return
      } catch (cause) {
        this.#env.report(handlerThrew('the snapshot loader', cause, this.#channel))
        await pause(this.#env.clock, PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 0)
      }
    }
  }
}
