import { within } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { CONNECT_TIMEOUT_MS } from './link.js'
import type { Link } from './link.js'
import type { TokenCallback, Tokens } from './types.js'

/** The part of its life after which a token is renewed. */
const RENEW_AT = 0.8

/** The part of its life after which a renewal that failed is tried again. */
const RETRY_AFTER = 0.05

/** Shows a token on the link for which it was asked; calls back when the server knows this client. */
export type Show = (accepted: () => void) => void

/** Shows tokens to the server: at the beginning of each connection, and again on the same one before they expire. */
export interface Authenticator {
  /**
   * Asks for a token for a link that begins. Without one the link ends, for good when the callback gave null. A token that is refused
   * ends it, too, and a second one in a row does so for good.
   */
  readonly begin: (link: Link) => Promise<Show>
  readonly stop: () => void
  /** Begins anew: what was refused before is forgotten. */
  readonly reset: () => void
}

/** Shows tokens to the server: `createClient({ url, auth: tokens(async () => …) })`. */
export function tokens(callback: TokenCallback): Tokens {
  return { callback, serve: (env) => createAuthenticator(env, callback) }
}

function createAuthenticator(env: Environment, callback: TokenCallback): Authenticator {
  const renewal = env.timer()
  /** Tokens refused since the last one that was accepted. */
  let refused = 0

  /** Rejects with `unauthorized` for null, with `connect-failed` when there is none now. */
  const token = async (): Promise<string> => {
    let given: string | null
    try {
      given = await within(env, env.options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, callback())
    } catch (cause) {
      throw new BroadcastError('connect-failed', `the auth callback failed: ${String(cause)}`, { cause })
    }
    if (given === null) {
      throw new BroadcastError('unauthorized', 'the auth callback gave no token: sign in again')
    }
    return given
  }

  const show = (link: Link, word: string, accepted?: () => void): void => {
    renewal.clear()
    link.request({ type: 'auth', token: word }, (answer) => {
      if (!(answer instanceof BroadcastError)) {
        refused = 0
        if (typeof answer.expiresInMs === 'number') {
          renewIn(answer.expiresInMs * RENEW_AT, answer.expiresInMs, link)
        }
      } else if (answer.code !== 'unknown-type') {
        link.fail(answer, answer.code === 'unauthorized' && ++refused > 1)
        return
      }
      accepted?.()
    })
  }

  const renewIn = (ms: number, lifeMs: number, link: Link): void => {
    renewal.set(ms, () => {
      token().then(
        (word) => {
          if (env.link === link) {
            show(link, word)
          }
        },
        (error: unknown) => {
          const reason = error as BroadcastError
          if (env.link !== link) {
            return
          }
          if (reason.code === 'unauthorized') {
            link.fail(reason, true)
          } else {
            env.report(reason)
            renewIn(lifeMs * RETRY_AFTER, lifeMs, link)
          }
        },
      )
    })
  }

  return {
    begin: (link) =>
      new Promise((resolve) => {
        token().then(
          (word) => {
            resolve((accepted) => {
              show(link, word, accepted)
            })
          },
          (error: unknown) => {
            const reason = error as BroadcastError
            link.fail(reason, reason.code === 'unauthorized')
          },
        )
      }),
    stop: renewal.clear,
    reset: () => {
      refused = 0
      renewal.clear()
    },
  }
}
