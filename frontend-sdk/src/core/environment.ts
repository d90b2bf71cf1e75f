import type { Asks } from './asks.js'
import type { Channel } from './channel.js'
import type { Timer } from './clock.js'
import type { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import type { Outgoings } from './outbox.js'
import type { ClientOptions, ClientStats } from './types.js'

/** What the parts of a client share. */
export interface Environment {
  readonly options: ClientOptions
  readonly now: () => number
  /** Makes a timer that ends with the client. */
  readonly timer: () => Timer
  readonly answerTimeoutMs: number
  readonly probeTimeoutMs: number
  /** Tells about what nobody else is told; never throws. */
  readonly report: (error: BroadcastError) => void
  readonly count: (name: keyof ClientStats) => void
  /** Whether anybody needs a connection may have changed. */
  readonly changed: () => void
  readonly asks: Asks
  readonly outbox: Outgoings
  /** By name, those that somebody wants. */
  readonly channels: Map<string, Channel>
  /** What to speak on; null while there is no connection. The connection alone sets it. */
  link: Link | null
  /** Once the client is closed, what to tell those who use it. */
  closed: BroadcastError | null
}

/** An id that nobody else makes: 128 random bits. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
