import type { Authenticator } from './auth.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { Link } from './link.js'
import type { LinkEnd, LinkOptions } from './link.js'
import type { Push, Welcome } from './protocol.js'
import type { SocketConstructor } from './types.js'
import { resolveUrl } from './url.js'

export interface DialOptions extends Omit<LinkOptions, 'WebSocket'> {
  readonly WebSocket: SocketConstructor | undefined
}

export interface DialEvents {
  /** The server has greeted, and there is a token to show, or null when none is needed. */
  greeted(link: Link, welcome: Welcome, token: string | null): void
  push(link: Link, push: Push): void
  closed(link: Link, end: LinkEnd): void
}

/**
 * Begins a link, and gets a token for it meanwhile. What comes of it is told later, never at once.
 *
 * @throws BroadcastError when trying again is of no use
 */
export function dial(env: Environment, options: DialOptions, auth: Authenticator | null, events: DialEvents): Link {
  const { WebSocket } = options
  if (WebSocket === undefined) {
    throw new BroadcastError('no-websocket', 'there is no WebSocket here: give one by the option `WebSocket`')
  }
  const url = resolveUrl(options.url)
  const token = auth?.token() ?? Promise.resolve(null)
  // Also when there is no socket to give it to
  token.catch(() => undefined)
  const link = linkTo(env, { ...options, url, WebSocket }, token, events)
  token.catch((error: unknown) => {
    if (error instanceof BroadcastError) {
      link.fail(error, error.code === 'unauthorized')
    }
  })
  return link
}

function linkTo(env: Environment, options: LinkOptions, token: Promise<string | null>, events: DialEvents): Link {
  try {
    const link: Link = new Link(env, options, {
      welcome: (welcome) => {
        token.then(
          (word) => {
            events.greeted(link, welcome, word)
          },
          () => undefined,
        )
      },
      push: (push) => {
        events.push(link, push)
      },
      closed: (end) => {
        events.closed(link, end)
      },
    })
    return link
  } catch (cause) {
    const message = `the browser does not connect to ${options.url}: ${String(cause)}`
    throw new BroadcastError('connect-failed', message, { cause })
  }
}
