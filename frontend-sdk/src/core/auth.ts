import { createTimer, within } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import type { ClientOptions } from './types.js'

/** The part of its life after which a token is renewed. */
const RENEW_AT = 0.8

/** The part of its life after which a renewal that failed is tried again. */
const RETRY_AFTER = 0.05

/** Shows tokens to the server: at the beginning of each connection, and again on the same one before they expire. */
export interface Authenticator {
  /** A token for a connection that begins. Rejects with `unauthorized` for null, with `connect-failed` when there is none now. */
  readonly token: () => Promise<string>
  /**
   * Shows the token; `accepted` is called when the server knows this client. A token that was refused ends the link, and a second
   * one in a row does so for good.
   */
  readonly show: (link: Link, token: string, accepted?: () => void) => void
  readonly stop: () => void
  /** Begins anew: what was refused before is forgotten. */
  readonly reset: () => void
}

export function createAuthenticator(env: Environment, callback: NonNullable<ClientOptions['auth']>): Authenticator {
  const { clock, connectTimeoutMs } = env
  const renewal = createTimer(clock)
  /** Tokens refused since the last one that was accepted. */
  let refused = 0

  const token = async (): Promise<string> => {
    let given: string | null
    try {
      given = await within(clock, connectTimeoutMs, callback())
    } catch (cause) {
      throw new BroadcastError('connect-failed', `the auth callback failed: ${String(cause)}`, { cause })
    }
    if (given === null) {
      throw new BroadcastError('unauthorized', 'the auth callback gave no token')
    }
    return given
  }

  const show: Authenticator['show'] = (link, word, accepted) => {
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
    token,
    show,
    stop: renewal.clear,
    reset: () => {
      refused = 0
      renewal.clear()
    },
  }
}
