import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import type { ClientOptions } from './types.js'

type AuthCallback = NonNullable<ClientOptions['auth']>

/** The part of its life after which a token is renewed. */
const RENEW_AT = 0.8

/** The part of its life after which a renewal that failed is tried again. */
const RETRY_AFTER = 0.05

/** Shows tokens to the server: at the beginning of each connection, and again on the same one before they expire. */
export class Authenticator {
  readonly #env: Environment
  readonly #callback: AuthCallback
  readonly #timeoutMs: number
  readonly #renewal: Timer
  /** Tokens refused since the last one that was accepted. */
  #refused = 0

  /** @param timeoutMs how long the callback may take */
  constructor(env: Environment, callback: AuthCallback, timeoutMs: number) {
    this.#env = env
    this.#callback = callback
    this.#timeoutMs = timeoutMs
    this.#renewal = new Timer(env.clock)
  }

  /** A token for a connection that begins. Rejects with `unauthorized` for null, with `connect-failed` when there is none now. */
  async token(): Promise<string> {
    const timer = new Timer(this.#env.clock)
    const timeout = new Promise<never>((_, reject) => {
      timer.set(this.#timeoutMs, () => {
        reject(new Error(`no answer within ${this.#timeoutMs} ms`))
      })
    })
    let token: string | null
    try {
      token = await Promise.race([this.#callback(), timeout])
    } catch (cause) {
      throw new BroadcastError('connect-failed', `the auth callback failed: ${String(cause)}`, { cause })
    } finally {
      timer.clear()
    }
    if (token === null) {
      throw new BroadcastError('unauthorized', 'the auth callback gave no token')
    }
    return token
  }

  /**
   * Shows the token; `accepted` is called when the server knows this client. A token that was refused ends the link, and a second
   * one in a row does so for good.
   */
  show(link: Link, token: string, accepted: () => void): void {
    this.stop()
    link.request({ type: 'auth', token }, (answer) => {
      if (answer instanceof BroadcastError) {
        if (answer.code === 'unknown-type') {
          accepted()
        } else {
          link.fail(answer, answer.code === 'unauthorized' && ++this.#refused > 1)
        }
        return
      }
      this.#refused = 0
      if (typeof answer.expiresInMs === 'number') {
        this.#renewIn(answer.expiresInMs * RENEW_AT, answer.expiresInMs, link)
      }
      accepted()
    })
  }

  /** Begins anew: what was refused before is forgotten. */
  reset(): void {
    this.#refused = 0
    this.stop()
  }

  stop(): void {
    this.#renewal.clear()
  }

  #renewIn(ms: number, lifeMs: number, link: Link): void {
    this.#renewal.set(ms, () => {
      this.token().then(
        (token) => {
          if (!link.ended) {
            this.show(link, token, () => undefined)
          }
        },
        (error: unknown) => {
          if (link.ended || !(error instanceof BroadcastError)) {
            return
          }
          if (error.code === 'unauthorized') {
            link.fail(error, true)
          } else {
            this.#env.report(error)
            this.#renewIn(lifeMs * RETRY_AFTER, lifeMs, link)
          }
        },
      )
    })
  }
}
