import { handlerThrew } from './calls.js'
import { pause } from './clock.js'
import type { Environment } from './environment.js'
import type { Gap, Snapshot, SnapshotLoader, SubscribeOptions } from './types.js'

/** Between attempts to load what did not load, doubled each time up to the longest, in milliseconds. */
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000

/** The channel whose state is loaded. */
export interface SnapshotHost {
  readonly name: string
  readonly env: Environment
  readonly subscribers: ReadonlySet<{ readonly options: SubscribeOptions }>
}

/** One load, also while it is tried again. */
interface Run {
  /** The gap after which it is loaded; null at the beginning. */
  readonly gap: Gap | null
  readonly done: Promise<void>
  /** The subscribers that have its result. */
  readonly takers: WeakSet<object>
}

/** The last run of each loader in each channel, for as long as there are such. */
const runs = new WeakMap<SnapshotHost, WeakMap<SnapshotLoader, Run>>()

/**
 * Loads a channel's state at the beginning and after each gap: `client.subscribe('orders', { snapshot: snapshotOf(load) })`. It is
 * tried again until it loads, or nobody wants it any more. Subscribers with the same function share its runs.
 */
export function snapshotOf(loader: SnapshotLoader): Snapshot {
  return {
    loader,
    serve(host, taker, gap) {
      const own = runs.get(host) ?? new WeakMap<SnapshotLoader, Run>()
      runs.set(host, own)
      let run = own.get(loader)
      // At the beginning any does that somebody has kept up to date since
      if (run === undefined || (gap === null ? !isKept(run, host) : run.gap !== gap)) {
        run = { gap, done: load(host, loader), takers: new WeakSet() }
        own.set(loader, run)
      }
      run.takers.add(taker)
      return run.done
    },
  }
}

function isKept({ takers }: Run, { subscribers }: SnapshotHost): boolean {
  return [...subscribers].some((subscriber) => takers.has(subscriber))
}

async function load({ name, env, subscribers }: SnapshotHost, loader: SnapshotLoader): Promise<void> {
  const isWanted = (): boolean => [...subscribers].some(({ options }) => options.snapshot?.loader === loader)
  for (let ms = PAUSE_MS; isWanted(); ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    try {
      await loader(name)
      return
    } catch (cause) {
      env.report(handlerThrew('the snapshot loader', cause, name))
      await pause(env, ms)
    }
  }
}
