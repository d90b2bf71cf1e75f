import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'
import type { LinkEnd } from './link.js'

/** What the server means by codes that are terminal, and what to do about it. */
const TERMINAL: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  1002: ['protocol-mismatch', 'the server did not understand this client: use versions that go together'],
  1003: ['protocol-mismatch', 'the server did not understand this client: use versions that go together'],
  1007: ['protocol-mismatch', 'the server did not understand this client: use versions that go together'],
  1009: ['message-too-large', 'a message was larger than the server allows'],
  4100: ['session-taken-over', 'another connection has taken over this session'],
  4101: ['disconnected', 'an operator has ended the connection'],
  4102: ['flooding', 'this client went on far beyond its rate limit'],
}

/**
 * What the end of a socket means. 1000 is not terminal, since browsers that suspend a page send it; nor are codes that the
 * server does not use, since proxies do.
 */
export function closeError(code: number, reason: string, welcomed: boolean): LinkEnd {
  const known =
    TERMINAL[code] ??
    (code >= 4100 ? (['disconnected', `the server has ended the connection (${code} ${reason})`] as const) : undefined)
  if (known !== undefined) {
    return { error: new BroadcastError(known[0], known[1]), terminal: true }
  }
  const error = welcomed
    ? new BroadcastError('connection-lost', `the connection was lost (${code})`)
    : new BroadcastError(
        'connect-failed',
        `no connection (${code}): is the server there, does it allow this origin, does the page's Content-Security-Policy allow it?`,
      )
  return { error, terminal: false }
}
