import { systemClock } from './clock.js'
import type { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import type { ClientOptions, ClientStats, Clock } from './types.js'

/** What the parts of a client share. */
export interface Environment {
  readonly options: ClientOptions
  readonly clock: Clock
  readonly random: () => number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  /** Tells about what nobody else is told; never throws. */
  readonly report: (error: BroadcastError) => void
  readonly count: (name: keyof ClientStats) => void
  /** Whether anybody needs a connection may have changed. */
  readonly changed: () => void
  /** What to speak on; null while there is no connection. The connection alone sets it. */
  link: Link | null
}

export function createEnvironment(
  options: ClientOptions,
  { report, count, changed }: Pick<Environment, 'report' | 'count' | 'changed'>,
): Environment {
  const { clock = systemClock, random = Math.random, connectTimeoutMs = 10_000, answerTimeoutMs = 10_000 } = options
  return { options, clock, random, connectTimeoutMs, answerTimeoutMs, report, count, changed, link: null }
}

/** An id that nobody else makes: 128 random bits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
