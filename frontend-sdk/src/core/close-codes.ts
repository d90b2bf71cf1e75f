import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'

/** What the server means by codes that are terminal, and what to do about it. */
const TERMINAL: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  1009: ['message-too-large', 'a message was larger than the server allows'],
  4100: ['session-taken-over', 'another connection has taken over this session'],
  4101: ['disconnected', 'an operator has ended the connection'],
  4102: ['flooding', 'this client went on far beyond its rate limit'],
}

/** Codes by which the server says that it did not understand. */
const MISMATCH = [1002, 1003, 1007]

/** The error of a code that is terminal; null for any other. */
export function terminalError(code: number, reason: string): BroadcastError | null {
  if (MISMATCH.includes(code)) {
    return new BroadcastError(
      'protocol-mismatch',
      'the server did not understand this client: update the older of both',
    )
  }
  if (code >= 4100 || code in TERMINAL) {
    const [name, message] = TERMINAL[code] ?? [
      'disconnected',
      `the server has ended the connection (${code} ${reason})`,
    ]
    return new BroadcastError(name, message)
  }
  return null
}
