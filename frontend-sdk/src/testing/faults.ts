import type { ErrorCode } from '../core/errors.js'
import type { Refused } from './commands.js'
import type { TestConnection } from './connection.js'

/** Takes a frame for a client and gives what is sent instead. */
export type Tamper = (frame: string, connection: TestConnection) => readonly string[]

/** What is out of order at present. */
export class Faults {
  tamper: Tamper | null = null
  isOffline = false
  isSilent = false
  unanswered = 0
  readonly #refused = new Map<string, Refused>()

  refuse(command: 'subscribe' | 'broadcast', channel: string, code: ErrorCode | null, retryAfterMs?: number): void {
    const key = `${command} ${channel}`
    if (code === null) {
      this.#refused.delete(key)
      return
    }
    const message = `a test refuses to ${command}`
    this.#refused.set(key, retryAfterMs === undefined ? { code, message } : { code, message, retryAfterMs })
  }

  refused(command: 'subscribe' | 'broadcast', channel: string): Refused | undefined {
    return this.#refused.get(`${command} ${channel}`)
  }

  /** Whether the next broadcast is answered. */
  answers(): boolean {
    if (this.unanswered === 0) return true
    this.unanswered--
    return false
  }
}
