import { createListeners } from './calls.js'
import type { Environment } from './environment.js'
import { BroadcastError, connectionLost } from './errors.js'
import { openLink } from './link.js'
import type { Link } from './link.js'
import type { Show } from './auth.js'
import type { Drain, Push, Welcome } from './protocol.js'
import type { ConnectionState, SocketConstructor } from './types.js'
import { resume } from './resume.js'
import { resolveUrl } from './url.js'
import { onWake } from './wake.js'

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

export function createConnection(env: Environment): Connection {
  const { now, options } = env
  const { idleMs = 1_000, random = Math.random, reconnect: { minMs = 500, maxMs = 10_000 } = {} } = options
  const auth = options.auth?.serve(env)
  const listeners = createListeners<ConnectionState>(env.report)
  /** Of the next attempt. */
  const timer = env.timer()
  /** Of the end, when nobody needs the connection. */
  const idle = env.timer()
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
  /** Null while there is no connection, nor to be one. */
  let stopWake: (() => void) | null = null

  const become = (is: ConnectionState): void => {
    // Somebody who was told of the end before may have closed the client
    if (state.status === 'closed') {
      return
    }
    state = is
    if (/idle|failed|closed/.test(is.status)) {
      idle.clear()
      stopWake?.()
      stopWake = null
    } else {
      stopWake ??= onWake(wake)
    }
    listeners.emit(is)
  }

  const wake = (): void => {
    if (state.status === 'waiting') {
      begin()
    } else {
      wokenAt = now()
      env.link?.probe()
    }
  }

  const lost = (): void => {
    for (const channel of env.channels.values()) {
      channel.lost()
    }
  }

  /** Ends what there is, without a word to those who use it but `lost`. */
  const drop = (is: ConnectionState): void => {
    const { link } = env
    timer.clear()
    auth?.stop()
    giveUp(next)
    next = env.link = null
    if (link !== null) {
      giveUp(link)
      lost()
    }
    if (is.status === 'failed') {
      env.asks.fail(is.error)
    }
    become(is)
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
      throw new BroadcastError('no-websocket', 'there is no WebSocket here: pass one as an option')
    }
    const url = resolveUrl(options.url)
    try {
      const link = openLink(env, url, WebSocket, {
        greeted(welcome) {
          if (token === undefined) {
            establish(link, welcome)
          } else {
            void token.then((show) => establish(link, welcome, show))
          }
        },
        push(push) {
          pushed(link, push)
        },
        closed(error, terminal) {
          closed(link, error, terminal)
        },
      })
      const token = auth?.begin(link)
      return link
    } catch (cause) {
      throw new BroadcastError('connect-failed', `no connection: ${String(cause)}`, { cause })
    }
  }

  const establish = (link: Link, { clientId, node, ...welcome }: Welcome, show?: Show): void => {
    if (link !== next) {
      return
    }
    const before = env.link
    const resumed = hasOpened
    const open = (): void => {
      become({ status: 'open', clientId, resumed, node, since: now() })
    }
    timer.clear()
    next = null
    env.link = link
    hasOpened = true
    ;({ spreadMs } = welcome)
    show?.(open)
    env.count('connections')
    // What was not answered there goes out again here, in its order
    giveUp(before)
    // Everything goes out at once, so that a reconnect takes one round trip
    resume(env, link)
    env.asks.opened()
    env.outbox.pump()
    if (show === undefined) {
      open()
    }
  }

  const pushed = (link: Link, push: Push | Drain): void => {
    if (link !== env.link) {
      return
    }
    if (push.type !== 'drain') {
      if (push.type === 'message') {
        env.count('received')
      }
      env.channels.get(push.channel)?.push(push)
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
      lost()
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
      // Before the timer begins, so that no attempt is earlier than was announced
      const retryAt = now() + ms
      timer.set(ms, begin)
      become({ status: 'waiting', attempt, retryAt, error })
    } else {
      drop({ status: 'idle' })
    }
  }

  /**
   * How long to wait before the next attempt: a random part of the server's spread before the first one after a loss, of a time that
   * doubles before the others. It is taken after the cap, so that clients that fail for long do not end up in step.
   */
  const pauseMs = (): number => {
    // Twice the time of a probe, since timers are late, most of all those of a page that wakes up
    const isOwn = now() - wokenAt <= 2 * env.probeTimeoutMs
    const first = isOwn ? Math.min(spreadMs, minMs) : spreadMs
    return random() * (attempt > 1 ? Math.min(maxMs, minMs * 2 ** attempt) : first)
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
      if (stopWake !== null) {
        wake()
        return
      }
      auth?.reset()
      useless = 0
      attempt = 1
      begin()
    },
    close() {
      drop({ status: 'closed' })
    },
  }
}

function giveUp(link: Link | null): void {
  link?.fail(connectionLost('the connection was ended'), null)
}
