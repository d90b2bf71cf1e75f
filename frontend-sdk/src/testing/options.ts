import type { Clock } from '../core/types.js'
import { systemClock } from './system-clock.js'

/** How a server in memory differs from the default. */
export interface TestServerOptions {
  /** Default: the time of day. */
  readonly clock?: Clock
  /** Between two pings. Default: 25 s. */
  readonly heartbeatMs?: number
  /** From a ping to the end of a silent connection. Default: 10 s. */
  readonly heartbeatTimeoutMs?: number
  /** Default: 1 s. */
  readonly spreadMs?: number
  /** Default: 2 minutes. */
  readonly sessionTtlMs?: number
  /** How long a member whose connection is lost remains. Default: 5 s. */
  readonly presenceLingerMs?: number
  /** Publications of a channel. Default: 1,000. */
  readonly historySize?: number
  /** Default: 100. */
  readonly maxChannels?: number
  /** Default: 64 KiB. */
  readonly maxMessageBytes?: number
  /** Default: 1 KiB. */
  readonly infoBytes?: number
  /** Looks at a token; null when it is refused. Without it the server knows no `auth`. */
  readonly auth?: ((token: string) => { readonly expiresInMs?: number } | null) | undefined
}

export const DEFAULTS: Required<Omit<TestServerOptions, 'auth'>> = {
  clock: systemClock,
  heartbeatMs: 25_000,
  heartbeatTimeoutMs: 10_000,
  spreadMs: 1_000,
  sessionTtlMs: 120_000,
  presenceLingerMs: 5_000,
  historySize: 1_000,
  maxChannels: 100,
  maxMessageBytes: 65_536,
  infoBytes: 1_024,
}
