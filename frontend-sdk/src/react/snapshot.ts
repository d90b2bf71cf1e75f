import { snapshotOf } from '../core/snapshots.js'
import type { Snapshot } from '../core/types.js'
import type { Latest } from './store.js'

/** Loads a channel's state. */
type Loader<Value> = (channel: string) => Promise<Value>

/** A load under way, and who has it. */
interface Load {
  readonly channel: string
  readonly value: Promise<unknown>
  readonly takers: Set<object>
}

const loads = new WeakMap<Loader<unknown>, Load>()

/**
 * Loads for one of several takers: those that ask in the same moment, about the same channel and with the same function, get one
 * load. Who asks again gets another one, since it has heard of another gap.
 */
function loadOnce<Value>(loader: Loader<Value>, channel: string, taker: object): Promise<Value> {
  const running = loads.get(loader)
  if (running?.channel === channel && !running.takers.has(taker)) {
    running.takers.add(taker)
    return running.value as Promise<Value>
  }
  const value = loader(channel)
  const load: Load = { channel, value, takers: new Set([taker]) }
  loads.set(loader, load)
  // A task later the state may be another one already.
  setTimeout(() => {
    if (loads.get(loader) === load) loads.delete(loader)
  })
  return value
}

/** The loader of the last render, shared with all that have the same one; nothing when there was none to begin with. */
export function sharedSnapshot<Value>(
  latest: Latest<{ readonly snapshot?: Loader<Value> }>,
  loaded?: (value: Value) => void,
): { snapshot?: Snapshot } {
  const first = latest.current.snapshot
  if (first === undefined) return {}
  const taker = {}
  return {
    snapshot: snapshotOf(async (channel) => {
      const value = await loadOnce(latest.current.snapshot ?? first, channel, taker)
      loaded?.(value)
    }),
  }
}
