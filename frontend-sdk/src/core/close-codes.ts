import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'

const MISMATCH = ['protocol-mismatch', 'the server did not understand this client: update the older of both'] as const

/** What the server means by codes that are terminal; all from 4100 on are. */
const TERMINAL: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  1002: MISMATCH,
  1003: MISMATCH,
  1007: MISMATCH,
  1009: ['message-too-large', 'a message was larger than the server allows'],
  4100: ['session-taken-over', 'another connection has taken over this session'],
  4102: ['flooding', 'this client went on far beyond its rate limit'],
}

/** The error of a code that is terminal; null for any other. */
export function terminalError(code: number, reason: string): BroadcastError | null {
  const known = TERMINAL[code]
  if (known === undefined && code < 4100) {
    return null
  }
  return new BroadcastError(...(known ?? ['disconnected', `the server has ended the connection (${code} ${reason})`]))
}
