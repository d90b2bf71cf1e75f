/** What went wrong, as a word that programs can look at. */
export type ErrorCode =
  // The server's, see PROTOCOL.md
  | 'invalid-json'
  | 'invalid-request'
  | 'unknown-type'
  | 'invalid-channel'
  | 'rate-limited'
  | 'channel-limit'
  | 'message-too-large'
  | 'unavailable'
  | 'internal-error'
  // Of the connection
  | 'invalid-url'
  | 'insecure-url'
  | 'no-websocket'
  | 'connect-failed'
  | 'connect-timeout'
  | 'not-a-broadcast-server'
  | 'protocol-mismatch'
  | 'connection-lost'
  | 'session-taken-over'
  | 'disconnected'
  | 'flooding'
  | 'unauthorized'
  // Of this client
  | 'timeout'
  | 'closed'
  | 'outbox-full'
  | 'expired'
  | 'cancelled'
  | 'not-serializable'
  | 'schema-mismatch'
  | 'handler-threw'
  | 'storage-failed'
  | 'no-provider'

/** The one error of this package. `message` is a sentence that says what to do. */
export class BroadcastError extends Error {
  override readonly name = 'BroadcastError'
  declare readonly code: ErrorCode
  /** When the same may be tried again, in milliseconds; undefined when the server did not say. */
  declare readonly retryAfterMs: number | undefined
  /** The channel that it is about, if it is about one. */
  declare readonly channel: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { retryAfterMs?: number | undefined; channel?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, details)
    this.code = code
    this.retryAfterMs = details.retryAfterMs
    this.channel = details.channel
  }
}

export function connectionLost(message: string): BroadcastError {
  return new BroadcastError('connection-lost', message)
}
