import { Timer } from './clock.js'
import { closeError } from './close-codes.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { decode, SUBPROTOCOL, welcomeOf } from './protocol.js'
import type { AckData, Command, Push, ServerFrame, Welcome } from './protocol.js'
import type { SocketConstructor, SocketLike } from './types.js'

/** What became of a command: the data of its ack, or why there is none. */
export type Answer = AckData | BroadcastError

export interface LinkOptions {
  readonly url: string
  readonly WebSocket: SocketConstructor
  /** From the attempt to the welcome. */
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly probeTimeoutMs: number
}

export interface LinkEvents {
  welcome(welcome: Welcome): void
  push(push: Push): void
  /** Once, however it ended; all commands that were not answered have been told. */
  closed(end: LinkEnd): void
}

export interface LinkEnd {
  readonly error: BroadcastError
  /** Trying again in the same way leads to the same end. */
  readonly terminal: boolean
}

interface Waiting {
  readonly done: (answer: Answer) => void
  readonly timer: Timer
}

const OPEN = 1

/** One connection from its first packet to its end: welcome, commands and their answers, signs of life. */
export class Link {
  readonly #env: Environment
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #socket: SocketLike
  readonly #waiting = new Map<string, Waiting>()
  /** When to worry that nothing has come. */
  readonly #silence: Timer
  #welcome: Welcome | null = null
  #lastHeard: number
  #frames = 0
  #probing = false
  #ended = false
  #commands = 0

  /** @throws whatever the constructor of the socket does */
  constructor(env: Environment, options: LinkOptions, events: LinkEvents) {
    this.#env = env
    this.#options = options
    this.#events = events
    this.#silence = new Timer(env.clock)
    this.#lastHeard = env.clock.now()
    const socket = new options.WebSocket(options.url, SUBPROTOCOL)
    this.#socket = socket
    socket.onmessage = ({ data }) => {
      this.#heard(decode(data))
    }
    // What is wrong comes by the close event; some sockets throw when nobody listens
    socket.onerror = () => undefined
    socket.onclose = ({ code, reason }) => {
      this.#end(closeError(code, reason, this.#welcome !== null))
    }
    this.#silence.set(options.connectTimeoutMs, () => {
      this.fail(new BroadcastError('connect-timeout', `no connection within ${options.connectTimeoutMs} ms`))
    })
  }

  /** Null until the server has said who it is. */
  get welcome(): Welcome | null {
    return this.#welcome
  }

  /** How many have come, the welcome included. */
  get frames(): number {
    return this.#frames
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Sends a command; `done` is called once, with `connection-lost` or the like when the link ends before. */
  request(command: Command, done: (answer: Answer) => void): void {
    const messageId = `c-${++this.#commands}`
    this.write(messageId, JSON.stringify({ ...command, messageId }), done)
  }

  /** Sends a command that is text already; `messageId` must not wait for an answer yet, see {@link awaits}. */
  write(messageId: string, text: string, done: (answer: Answer) => void): void {
    const timer = new Timer(this.#env.clock)
    this.#waiting.set(messageId, { done, timer })
    timer.set(this.#options.answerTimeoutMs, () => {
      this.#waiting.delete(messageId)
      done(new BroadcastError('timeout', `the server did not answer within ${this.#options.answerTimeoutMs} ms`))
    })
    // A socket that is closing says so by its close event
    if (this.#socket.readyState === OPEN) {
      this.#socket.send(text)
    }
  }

  awaits(messageId: string): boolean {
    return this.#waiting.has(messageId)
  }

  /** Asks the server for a sign of life; without one in time this link ends. */
  probe(): void {
    if (this.#probing || this.#welcome === null || this.#ended) {
      return
    }
    this.#probing = true
    const frames = this.#frames
    this.request({ type: 'presence', limit: 0 }, () => undefined)
    this.#silence.set(this.#options.probeTimeoutMs, () => {
      this.#probing = false
      if (frames === this.#frames) {
        this.fail(new BroadcastError('connection-lost', 'the server is silent'))
      } else {
        this.#watch()
      }
    })
  }

  /** Ends it from this side, and tells. */
  fail(error: BroadcastError, terminal = false): void {
    this.#end({ error, terminal })
  }

  /** Ends it from this side because nobody needs it any more. Nothing is told, but to the commands that were not answered. */
  retire(): void {
    if (!this.#ended) {
      this.#release(new BroadcastError('connection-lost', 'the connection was given up'))
    }
  }

  #heard(frame: ServerFrame | null): void {
    this.#frames++
    this.#lastHeard = this.#env.clock.now()
    if (this.#welcome === null) {
      this.#begin(welcomeOf(frame))
    } else if (frame === null || frame.type === 'ping') {
      return
    } else if (frame.type === 'ack') {
      this.#answered(frame.messageId, frame.data)
    } else if (frame.type === 'error') {
      this.#answered(frame.messageId, frame.error)
    } else {
      this.#events.push(frame)
    }
  }

  #begin(welcome: Welcome | null): void {
    if (welcome === null) {
      const error = new BroadcastError(
        'not-a-broadcast-server',
        `${this.#options.url} does not greet like a broadcast server`,
      )
      this.fail(error)
      return
    }
    this.#welcome = welcome
    this.#watch()
    this.#events.welcome(welcome)
  }

  #answered(messageId: string | undefined, answer: Answer): void {
    const waiting = messageId === undefined ? undefined : this.#waiting.get(messageId)
    if (messageId !== undefined && waiting !== undefined) {
      this.#waiting.delete(messageId)
      waiting.timer.clear()
      waiting.done(answer)
    } else if (messageId === undefined && answer instanceof BroadcastError) {
      this.#env.report(answer)
    }
  }

  /** Looks at the clock rather than trust timers, which sleep with the page. */
  #watch(): void {
    const patience = (this.#welcome?.heartbeatMs ?? 0) * 1.5 + 1_000
    const left = this.#lastHeard + patience - this.#env.clock.now()
    if (left <= 0) {
      this.probe()
    } else {
      this.#silence.set(left, () => {
        this.#watch()
      })
    }
  }

  #end(end: LinkEnd): void {
    if (!this.#ended) {
      this.#release(
        end.error.code === 'connection-lost' ? end.error : new BroadcastError('connection-lost', end.error.message),
      )
      this.#events.closed(end)
    }
  }

  #release(error: BroadcastError): void {
    this.#ended = true
    this.#silence.clear()
    this.#socket.onmessage = null
    this.#socket.onclose = null
    this.#socket.close(1000)
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { timer, done } of waiting) {
      timer.clear()
      done(error)
    }
  }
}
