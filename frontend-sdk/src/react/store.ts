import { useEffect, useInsertionEffect, useState, useSyncExternalStore } from 'react'
import type { Batch } from './types.js'

/** What a source looks at of any hook's options. */
interface Batched {
  readonly batch?: Batch | undefined
  readonly enabled?: boolean
}

/** The options of the last render that was committed. */
export interface Latest<Options> {
  readonly current: Options
}

/** Something outside React that changes. */
export interface Source<View> {
  /** Begins to follow it and calls `touch` after each change; returns the end of it, if there is one. Called again after that. */
  start(touch: () => void): (() => void) | undefined
  /** What it looks like; immutable. */
  view(): View
  /** What it looks like on a server, and so to hydration, if that is not how it looks at first. */
  readonly server?: View
  /** After each render. */
  rendered?(): void
}

/** A source for `useSyncExternalStore`: the same view until a batch of changes is over. */
class Store<View, Options extends Batched> implements Latest<Options> {
  readonly source: Source<View>
  #options: Options
  #view: View

  constructor(options: Options, make: (latest: Latest<Options>) => Source<View>) {
    this.#options = options
    this.source = make(this)
    this.#view = this.source.view()
  }

  get current(): Options {
    return this.#options
  }

  update(options: Options): void {
    this.#options = options
  }

  readonly view = (): View => this.#view

  readonly serverView = (): View => this.source.server ?? this.#view

  readonly subscribe = (changed: () => void): (() => void) => {
    let cancel: (() => void) | undefined
    const flush = (): void => {
      cancel = undefined
      this.#view = this.source.view()
    }
    const stop = this.source.start(() => {
      cancel ??= schedule(this.#options.batch ?? 'frame', () => {
        flush()
        changed()
      })
    })
    return () => {
      stop?.()
      if (cancel === undefined) return
      cancel()
      flush()
    }
  }
}

/** The view of a source that is made when a part of the key changes. */
export function useSource<View, Options extends Batched>(
  key: readonly unknown[],
  options: Options,
  make: (latest: Latest<Options>) => Source<View>,
): View {
  const store = useKeyed(key, () => new Store(options, make))
  useInsertionEffect(() => store.update(options))
  const view = useSyncExternalStore(store.subscribe, store.view, store.serverView)
  useEffect(() => store.source.rendered?.())
  return view
}

/** What was made, until a part of the key changes. Unlike a memo, it is never forgotten in between. */
export function useKeyed<Value>(key: readonly unknown[], make: () => Value): Value {
  const [held, hold] = useState(() => ({ key, value: make() }))
  if (isSame(key, held.key)) return held.value
  const next = { key, value: make() }
  hold(next)
  return next.value
}

/** Whether two keys of the same length have the same parts. */
export function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.every((part, index) => Object.is(part, other[index]))
}

/** Where there are no frames, as in a hidden page, whose title may want to know all the same. */
const NO_FRAME_MS = 250

/** What is to run with the next frame: of all stores together, so that React commits it together. */
const due = new Set<() => void>()
let frame: number | undefined
let timer: ReturnType<typeof setTimeout> | undefined

function stopFrame(): void {
  clearTimeout(timer)
  if (frame !== undefined) cancelAnimationFrame(frame)
  frame = undefined
}

function runFrame(): void {
  stopFrame()
  const runs = [...due]
  due.clear()
  for (const run of runs) run()
}

function nextFrame(run: () => void): () => void {
  if (due.size === 0) {
    timer = setTimeout(runFrame, NO_FRAME_MS)
    if (typeof requestAnimationFrame === 'function') frame = requestAnimationFrame(runFrame)
  }
  due.add(run)
  return () => {
    due.delete(run)
    if (due.size === 0) stopFrame()
  }
}

/** Runs it later, once; returns how to keep it from that. */
function schedule(batch: Batch, run: () => void): () => void {
  if (batch === 'frame') return nextFrame(run)
  if (batch === 'microtask') {
    let wanted = true
    queueMicrotask(() => wanted && run())
    return () => (wanted = false)
  }
  const delay = setTimeout(run, batch)
  return () => clearTimeout(delay)
}
