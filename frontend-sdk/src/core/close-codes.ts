import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'

const MISMATCH = 'protocol-mismatch'

/** What the server means by codes that are terminal; all from 4100 on are. */
const TERMINAL: Readonly<Record<number, ErrorCode>> = {
  1002: MISMATCH,
  1003: MISMATCH,
  1007: MISMATCH,
  1009: 'message-too-large',
  4100: 'session-taken-over',
  4102: 'flooding',
}

/** The error of a code that is terminal; null for any other. */
export function terminalError(code: number, reason: string): BroadcastError | null {
  const name = TERMINAL[code] ?? (code < 4100 ? null : 'disconnected')
  const message =
    name === MISMATCH
      ? 'the server did not understand this client: update the older of both'
      : `the server has ended the connection (${code} ${reason}): connect() opens another`
  return name && new BroadcastError(name, message)
}
