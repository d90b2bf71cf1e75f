import { BroadcastError } from './errors.js'
import type { Clock } from './types.js'

/** What a client has of the world around it. */
export interface Environment {
  readonly clock: Clock
  readonly random: () => number
  /** Tells about what nobody else is told; never throws. */
  readonly report: (error: BroadcastError) => void
}

export function environment(
  clock: Clock,
  random: () => number,
  onError: ((error: BroadcastError) => void) | undefined,
): Environment {
  const report = (error: BroadcastError): void => {
    try {
      onError?.(error)
    } catch {
      // There is nobody left to tell
    }
  }
  return { clock, random, report }
}

/** Calls somebody else's code, whose exceptions are reported and stop nothing. */
export function guarded(env: Environment, what: string, call: () => void, channel?: string): void {
  try {
    call()
  } catch (cause) {
    env.report(handlerThrew(what, cause, channel))
  }
}

export function handlerThrew(what: string, cause: unknown, channel?: string): BroadcastError {
  return new BroadcastError('handler-threw', `${what} threw: ${String(cause)}`, {
    cause,
    ...(channel === undefined ? {} : { channel }),
  })
}

/** Those that want to hear of changes. */
export class Listeners<Value> {
  readonly #env: Environment
  readonly #listeners = new Set<{ readonly call: (value: Value) => void }>()

  constructor(env: Environment) {
    this.#env = env
  }

  get size(): number {
    return this.#listeners.size
  }

  add(listener: (value: Value) => void): () => void {
    const entry = { call: listener }
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  emit(value: Value): void {
    for (const { call } of [...this.#listeners]) {
      guarded(this.#env, 'a listener', () => {
        call(value)
      })
    }
  }
}

/** Resolves after so many milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms)
  })
}

/** An id that nobody else makes: 128 random bits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
