import { handlerThrew } from './calls.js'
import { pause } from './clock.js'
import type { Environment } from './environment.js'

/** What subscribers give as `snapshot`. */
export type Loader = (channel: string) => Promise<void>

/** Between attempts to load what did not load, doubled each time up to the longest, in milliseconds. */
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000

/** The snapshots of one channel: subscribers with the same loader share its runs. */
export interface Snapshots {
  /**
   * Resolves when the snapshot is there; never rejects, since it is tried again as long as somebody wants it.
   *
   * @param reason the gap after which it is loaded; null for the beginning, for which any run does that was not given up
   */
  readonly load: (loader: Loader, reason: object | null) => Promise<void>
  /** Forgets what nobody keeps up to date any more. */
  readonly forget: (loader: Loader | undefined) => void
}

/** @param isWanted whether a subscriber with this loader is left */
export function createSnapshots(
  { clock, report }: Environment,
  channel: string,
  isWanted: (loader: Loader) => boolean,
): Snapshots {
  const runs = new Map<Loader, { readonly reason: object | null; readonly done: Promise<void> }>()

  const run = async (loader: Loader): Promise<void> => {
    for (let ms = PAUSE_MS; isWanted(loader); ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
      try {
        await loader(channel)
        return
      } catch (cause) {
        report(handlerThrew('the snapshot loader', cause, channel))
        await pause(clock, ms)
      }
    }
  }

  return {
    load(loader, reason) {
      const known = runs.get(loader)
      if (known !== undefined && (reason === null || reason === known.reason)) {
        return known.done
      }
      const done = run(loader)
      runs.set(loader, { reason, done })
      return done
    },
    forget(loader) {
      if (loader !== undefined && !isWanted(loader)) {
        runs.delete(loader)
      }
    },
  }
}
