import { Authenticator } from './auth.js'
import { pauseBefore } from './backoff.js'
import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { Listeners } from './environment.js'
import { dial } from './dial.js'
import type { DialOptions } from './dial.js'
import { BroadcastError } from './errors.js'
import type { Link, LinkEnd } from './link.js'
import type { Push, Welcome } from './protocol.js'
import type { ClientOptions, ConnectionState } from './types.js'
import { onWake } from './wake.js'

export interface ConnectionOptions extends DialOptions {
  readonly auth: ClientOptions['auth']
  readonly minMs: number
  readonly maxMs: number
  readonly idleMs: number
}

export interface ConnectionEvents {
  /** There is a link to speak on, in place of the one before, if there was one. Nothing else has been sent on it but a token. */
  opened(link: Link, welcome: Welcome): void
  push(push: Exclude<Push, { type: 'drain' }>): void
  /** The link is gone, and no other has taken its place. */
  lost(): void
  /** Trying again is of no use. */
  failed(error: BroadcastError): void
  counted(name: 'connections' | 'failures' | 'sockets'): void
}

/**
 * Keeps one link to the server for as long as somebody wants it.
 *
 * `idle` → `connecting` → `open`; after a loss `waiting` → `connecting` and so on for ever. `failed` only when trying again is of
 * no use. When the server drains, a second link is opened while the first still works, and takes its place.
 */
export class Connection {
  readonly listeners: Listeners<ConnectionState>
  readonly #env: Environment
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #auth: Authenticator | null
  /** Of the next attempt. */
  readonly #timer: Timer
  readonly #handover: Timer
  readonly #idle: Timer
  #state: ConnectionState = { status: 'idle' }
  #link: Link | null = null
  #next: Link | null = null
  #wanted = false
  #pinned = false
  /** Connections in a row that were lost before they had been of any use. */
  #useless = 0
  /** Attempts to open another link beside one that works. */
  #handovers = 0
  #spreadMs = 0
  #resumed = false
  #stopWake: (() => void) | null = null

  constructor(env: Environment, options: ConnectionOptions, events: ConnectionEvents) {
    this.#env = env
    this.#options = options
    this.#events = events
    this.listeners = new Listeners(env)
    this.#auth = options.auth === undefined ? null : new Authenticator(env, options.auth, options.connectTimeoutMs)
    this.#timer = new Timer(env.clock)
    this.#handover = new Timer(env.clock)
    this.#idle = new Timer(env.clock)
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** What to speak on; null while there is no connection. */
  get link(): Link | null {
    return this.#link
  }

  /** Whether anybody needs the connection. */
  want(wanted: boolean): void {
    this.#wanted = wanted
    const { status } = this.#state
    if (wanted || this.#pinned) {
      this.#idle.clear()
      if (status === 'idle') {
        this.#attempt(1)
      }
    } else if (!this.#idle.pending && (status === 'open' || status === 'connecting' || status === 'waiting')) {
      this.#idle.set(this.#options.idleMs, () => {
        this.#drop()
        this.#become({ status: 'idle' })
      })
    }
  }

  /** Keeps the connection from now on, and interrupts any wait for it. */
  connect(): void {
    this.#pinned = true
    this.#idle.clear()
    const { status } = this.#state
    if (status === 'failed' || status === 'idle') {
      this.#auth?.reset()
      this.#useless = 0
      this.#attempt(1)
    } else {
      this.#wake()
    }
  }

  close(): void {
    this.#drop()
    this.#become({ status: 'closed' })
  }

  /** Gives the link up and begins with another one: something is wrong that only a new subscription can put right. */
  recycle(reason: string): void {
    this.#link?.fail(new BroadcastError('connection-lost', reason))
  }

  #wake(): void {
    if (this.#state.status === 'waiting') {
      this.#attempt(this.#state.attempt)
    } else {
      this.#link?.probe()
    }
  }

  #attempt(attempt: number): void {
    this.#timer.clear()
    try {
      this.#dial()
    } catch (error) {
      this.#fail(error as BroadcastError)
      return
    }
    this.#become({ status: 'connecting', attempt })
  }

  /** Begins a link that becomes the one to speak on when the server has greeted. */
  #dial(): void {
    this.#next = dial(this.#env, this.#options, this.#auth, {
      greeted: (link, welcome, token) => {
        this.#establish(link, welcome, token)
      },
      push: (link, push) => {
        this.#pushed(link, push)
      },
      closed: (link, end) => {
        this.#closed(link, end)
      },
    })
    this.#events.counted('sockets')
  }

  #establish(link: Link, welcome: Welcome, token: string | null): void {
    if (link !== this.#next) {
      return
    }
    const before = this.#link
    const resumed = this.#resumed
    this.#timer.clear()
    this.#next = null
    this.#link = link
    this.#resumed = true
    this.#spreadMs = welcome.spreadMs
    const open = (): void => {
      const { clientId, node } = welcome
      this.#become({ status: 'open', clientId, resumed, node, since: this.#env.clock.now() })
    }
    if (token !== null) {
      this.#auth?.show(link, token, open)
    }
    this.#events.counted('connections')
    // What was not answered there goes out again here, in its order
    before?.retire()
    this.#events.opened(link, welcome)
    if (token === null) {
      open()
    }
  }

  #pushed(link: Link, push: Push): void {
    if (link !== this.#link) {
      return
    }
    if (push.type === 'drain') {
      this.#handOver(link, this.#env.random() * push.spreadMs, 1)
    } else {
      this.#events.push(push)
    }
  }

  /** Opens another link while this one still works. */
  #handOver(link: Link, ms: number, attempt: number): void {
    this.#handover.set(ms, () => {
      if (link === this.#link && this.#next === null) {
        this.#handovers = attempt
        this.#dial()
      }
    })
  }

  #closed(link: Link, { error, terminal }: LinkEnd): void {
    if (link === this.#next) {
      this.#next = null
      this.#timer.clear()
      this.#events.counted('failures')
      if (this.#link !== null) {
        this.#handOver(this.#link, this.#pause(this.#handovers + 1), this.#handovers + 1)
      } else if (terminal) {
        this.#fail(error)
      } else {
        this.#wait(this.#state.status === 'connecting' ? this.#state.attempt + 1 : 2, error)
      }
    } else if (link === this.#link) {
      this.#link = null
      this.#auth?.stop()
      this.#handover.clear()
      this.#useless = link.frames > 1 ? 0 : this.#useless + 1
      this.#events.lost()
      if (terminal) {
        this.#fail(error)
      } else if (this.#next !== null) {
        this.#become({ status: 'connecting', attempt: 1 })
      } else if (this.#wanted || this.#pinned) {
        this.#wait(Math.max(1, this.#useless), error)
      } else {
        this.#become({ status: 'idle' })
      }
    }
  }

  #pause(attempt: number): number {
    const { minMs, maxMs } = this.#options
    return pauseBefore(attempt, { minMs, maxMs, spreadMs: this.#spreadMs, random: this.#env.random })
  }

  #wait(attempt: number, error: BroadcastError): void {
    const ms = this.#pause(attempt)
    this.#timer.set(ms, () => {
      this.#attempt(attempt)
    })
    this.#become({ status: 'waiting', attempt, retryAt: this.#env.clock.now() + ms, error })
  }

  #fail(error: BroadcastError): void {
    this.#drop()
    this.#events.failed(error)
    this.#become({ status: 'failed', error })
  }

  /** Ends what there is, without a word to those who use it but `lost`. */
  #drop(): void {
    const link = this.#link
    this.#timer.clear()
    this.#handover.clear()
    this.#idle.clear()
    this.#auth?.stop()
    this.#next?.retire()
    this.#next = null
    this.#link = null
    if (link !== null) {
      link.retire()
      this.#events.lost()
    }
  }

  #become(state: ConnectionState): void {
    const { status } = state
    this.#state = state
    if (status === 'idle' || status === 'failed' || status === 'closed') {
      this.#stopWake?.()
      this.#stopWake = null
    } else {
      this.#stopWake ??= onWake(() => {
        this.#wake()
      })
    }
    this.listeners.emit(state)
  }
}
