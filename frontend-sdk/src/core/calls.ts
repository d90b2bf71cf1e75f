import { BroadcastError } from './errors.js'

/** Tells about an error that has nobody else to be told. */
export type Report = (error: BroadcastError) => void

/** Calls somebody else's code, whose exceptions are reported and stop nothing. */
export function guarded(report: Report, what: string, call: () => void, channel?: string): void {
  try {
    call()
  } catch (cause) {
    report(handlerThrew(what, cause, channel))
  }
}

export function handlerThrew(what: string, cause: unknown, channel?: string): BroadcastError {
  return new BroadcastError('handler-threw', `${what} threw: ${String(cause)}`, { cause, channel })
}

/** Those that want to hear of changes. */
export interface Listeners<Value> {
  readonly add: (listener: (value: Value) => void) => () => void
  readonly emit: (value: Value) => void
}

export function createListeners<Value>(report: Report): Listeners<Value> {
  const all = new Set<{ readonly call: (value: Value) => void }>()
  /** What is to be told, the first of it just now: a listener may make the next change. */
  const values: Value[] = []
  return {
    add(call) {
      const entry = { call }
      all.add(entry)
      return () => {
        all.delete(entry)
      }
    },
    emit(value) {
      if (values.push(value) > 1) {
        return
      }
      for (const first of values) {
        for (const { call } of [...all]) {
          guarded(report, 'a listener', () => call(first))
        }
      }
      values.length = 0
    },
  }
}

/** A function that calls this one once for all its calls of one turn, at the end of it. */
export function oncePerTurn(call: () => void): () => void {
  let isDue = false
  return () => {
    if (!isDue) {
      isDue = true
      queueMicrotask(() => {
        isDue = false
        call()
      })
    }
  }
}
