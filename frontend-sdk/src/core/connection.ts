import { createAuthenticator } from './auth.js'
import { pauseBefore } from './backoff.js'
import { createListeners } from './calls.js'
import { createTimer } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { openLink } from './link.js'
import type { Link } from './link.js'
import type { Drain, Push, Welcome } from './protocol.js'
import type { ConnectionState, SocketConstructor } from './types.js'
import { resolveUrl } from './url.js'
import { onWake } from './wake.js'

export interface ConnectionEvents {
  /** There is a link to speak on, in place of the one before, if there was one. Nothing else has been sent on it but a token. */
  readonly opened: (link: Link) => void
  readonly push: (push: Push) => void
  /** The link is gone, and no other has taken its place. */
  readonly lost: () => void
  /** Trying again is of no use. */
  readonly failed: (error: BroadcastError) => void
}

/**
 * Keeps one link to the server for as long as somebody wants it.
 *
 * `idle` → `connecting` → `open`; after a loss `waiting` → `connecting` and so on for ever. `failed` only when trying again is of
 * no use. When the server drains, a second link is opened while the first still works, and takes its place.
 */
export interface Connection {
  readonly state: ConnectionState
  readonly onChange: (listener: (state: ConnectionState) => void) => () => void
  /** Whether anybody needs the connection. */
  readonly want: (wanted: boolean) => void
  /** Keeps the connection from now on, and interrupts any wait for it. */
  readonly connect: () => void
  readonly close: () => void
}

export function createConnection(env: Environment, events: ConnectionEvents): Connection {
  const { clock, random, options } = env
  const { auth: callback, idleMs = 1_000, reconnect: { minMs = 500, maxMs = 10_000 } = {} } = options
  const auth = callback && createAuthenticator(env, callback)
  const listeners = createListeners<ConnectionState>(env.report)
  /** Of the next attempt. */
  const timer = createTimer(clock)
  /** Of the end, when nobody needs the connection. */
  const idle = createTimer(clock)
  let state: ConnectionState = { status: 'idle' }
  /** The link that is to become the one to speak on. */
  let next: Link | null = null
  let attempt = 1
  /** Links in a row that were lost before they had been of any use. */
  let useless = 0
  let spreadMs = 0
  /** When the page woke up. What is found lost soon after that was not lost by all at the same time, and need not be spread so much. */
  let wokenAt = -Infinity
  let isWanted = false
  let isPinned = false
  let hasOpened = false
  let stopWake: (() => void) | null = null

  const become = (now: ConnectionState): void => {
    // Somebody who was told of the end before may have closed the client
    if (state.status === 'closed') {
      return
    }
    state = now
    if (now.status === 'idle' || now.status === 'failed' || now.status === 'closed') {
      idle.clear()
      stopWake?.()
      stopWake = null
    } else {
      stopWake ??= onWake(wake)
    }
    listeners.emit(now)
  }

  const wake = (): void => {
    if (state.status === 'waiting') {
      begin()
    } else {
      wokenAt = clock.now()
      env.link?.probe()
    }
  }

  /** Ends what there is, without a word to those who use it but `lost`. */
  const drop = (now: ConnectionState): void => {
    const { link } = env
    timer.clear()
    auth?.stop()
    next?.retire()
    next = null
    env.link = null
    if (link !== null) {
      link.retire()
      events.lost()
    }
    if (now.status === 'failed') {
      events.failed(now.error)
    }
    become(now)
  }

  /** Begins a link that becomes the one to speak on when the server has greeted. */
  const begin = (): void => {
    timer.clear()
    try {
      next = dial()
    } catch (error) {
      drop({ status: 'failed', error: error as BroadcastError })
      return
    }
    env.count('sockets')
    if (state.status === 'closed') {
      // By the callback that was asked for a token
      drop(state)
    } else if (env.link === null) {
      become({ status: 'connecting', attempt })
    }
  }

  /** @throws BroadcastError when trying again is of no use */
  const dial = (): Link => {
    const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket
    if (WebSocket === undefined) {
      throw new BroadcastError('no-websocket', 'there is no WebSocket here: give one by the option `WebSocket`')
    }
    const url = resolveUrl(options.url)
    try {
      const link = openLink(env, url, WebSocket, {
        greeted: (welcome) => {
          token?.then(
            (word) => {
              establish(link, welcome, word)
            },
            () => undefined,
          )
          if (token === undefined) {
            establish(link, welcome)
          }
        },
        push: (push) => {
          pushed(link, push)
        },
        closed: (error, terminal) => {
          closed(link, error, terminal)
        },
      })
      const token = auth?.token()
      token?.catch((error: unknown) => {
        const reason = error as BroadcastError
        link.fail(reason, reason.code === 'unauthorized')
      })
      return link
    } catch (cause) {
      throw new BroadcastError('connect-failed', `the browser does not connect to ${url}: ${String(cause)}`, { cause })
    }
  }

  const establish = (link: Link, welcome: Welcome, token?: string): void => {
    if (link !== next) {
      return
    }
    const before = env.link
    const resumed = hasOpened
    const open = (): void => {
      const { clientId, node } = welcome
      become({ status: 'open', clientId, resumed, node, since: clock.now() })
    }
    timer.clear()
    next = null
    env.link = link
    hasOpened = true
    ;({ spreadMs } = welcome)
    if (token !== undefined) {
      auth?.show(link, token, open)
    }
    env.count('connections')
    // What was not answered there goes out again here, in its order
    before?.retire()
    events.opened(link)
    if (token === undefined) {
      open()
    }
  }

  const pushed = (link: Link, push: Push | Drain): void => {
    if (link !== env.link) {
      return
    }
    if (push.type !== 'drain') {
      events.push(push)
    } else if (next === null) {
      // Another link is opened while this one still works
      attempt = 1
      timer.set(random() * push.data.spreadMs, begin)
    }
  }

  const closed = (link: Link, error: BroadcastError, terminal: boolean): void => {
    const wasNext = link === next
    if (wasNext) {
      next = null
      env.count('failures')
      attempt++
    } else if (link === env.link) {
      env.link = null
      auth?.stop()
      useless = link.frames > 1 ? 0 : useless + 1
      attempt = next === null ? Math.max(1, useless) : 1
      events.lost()
    } else {
      return
    }
    if (env.link !== null) {
      timer.set(pauseMs(), begin)
    } else if (terminal) {
      drop({ status: 'failed', error })
    } else if (next !== null) {
      become({ status: 'connecting', attempt })
    } else if (wasNext || isWanted || isPinned) {
      const ms = pauseMs()
      const retryAt = clock.now() + ms
      timer.set(ms, begin)
      become({ status: 'waiting', attempt, retryAt, error })
    } else {
      drop({ status: 'idle' })
    }
  }

  const pauseMs = (): number => {
    // Twice the time of a probe, since timers are late, most of all those of a page that wakes up
    const isOwn = clock.now() - wokenAt <= 2 * env.probeTimeoutMs
    return pauseBefore(attempt, { minMs, maxMs, spreadMs: isOwn ? Math.min(spreadMs, minMs) : spreadMs, random })
  }

  return {
    get state() {
      return state
    },
    onChange: listeners.add,
    want(wanted) {
      isWanted = wanted
      if (wanted || isPinned) {
        idle.clear()
        if (state.status === 'idle') {
          attempt = 1
          begin()
        }
      } else if (!idle.pending && stopWake !== null) {
        idle.set(idleMs, () => {
          drop({ status: 'idle' })
        })
      }
    },
    connect() {
      isPinned = true
      idle.clear()
      if (state.status === 'failed' || state.status === 'idle') {
        auth?.reset()
        useless = 0
        attempt = 1
        begin()
      } else {
        wake()
      }
    },
    close() {
      drop({ status: 'closed' })
    },
  }
}
