import type { Timer } from './clock.js'
import { terminalError } from './close-codes.js'
import type { Environment } from './environment.js'
import { BroadcastError, connectionLost } from './errors.js'
import { decode, pushOf, refusal, SUBPROTOCOL, welcomeOf } from './protocol.js'
import type { AckData, Command, Drain, Push, ServerFrame, Welcome } from './protocol.js'
import type { SocketConstructor } from './types.js'

/** What became of a command: the data of its ack, or why there is none. */
export type Answer = AckData | BroadcastError

/** One connection from its first packet to its end: welcome, commands and their answers, signs of life. */
export interface Link {
  /** How many frames have come, the welcome included. */
  readonly frames: number
  /** Of a command, in bytes; known with the welcome. */
  readonly maxMessageBytes: number
  /** Sends a command; `done` is called once, with `connection-lost` when the link ends before. */
  readonly request: (command: Command, done?: (answer: Answer) => void) => void
  /** Sends a command about a channel that is text already; `messageId` must not wait for an answer yet, see {@link awaits}. */
  readonly write: (
    messageId: string,
    text: string,
    channel: string | undefined,
    done?: (answer: Answer) => void,
  ) => void
  readonly awaits: (messageId: string) => boolean
  /** Asks the server for a sign of life; without one in time this link ends. */
  readonly probe: () => void
  /**
   * Ends it from this side, and tells. Terminal: trying again in the same way leads to the same end; null: nobody needs it any more,
   * and only the commands that were not answered are told.
   */
  readonly fail: (error: BroadcastError, terminal?: boolean | null) => void
}

export interface LinkEvents {
  readonly greeted: (welcome: Welcome) => void
  readonly push: (push: Push | Drain) => void
  /** Once, however it ended; after that the commands that were not answered are told. */
  readonly closed: (error: BroadcastError, terminal: boolean) => void
}

/** A command that was not answered. */
interface Waiting {
  readonly channel: string | undefined
  readonly done: ((answer: Answer) => void) | undefined
  readonly timer: Timer
}

/** From the attempt to the welcome, by default. */
export const CONNECT_TIMEOUT_MS = 10_000

const OPEN = 1
const CLOSED = 3

/** @throws whatever the constructor of the socket does */
export function openLink(env: Environment, url: string, WebSocket: SocketConstructor, events: LinkEvents): Link {
  const { now, answerTimeoutMs } = env
  const waiting = new Map<string, Waiting>()
  /** When to worry that nothing has come. */
  const silence = env.timer()
  let welcome: Welcome | null = null
  let lastHeard = now()
  let frames = 0
  let commands = 0
  let isProbing = false
  let hasEnded = false

  const fail: Link['fail'] = (error, terminal = false) => {
    if (hasEnded) {
      return
    }
    hasEnded = true
    silence.clear()
    socket.onmessage = socket.onclose = null
    socket.close(1000)
    if (terminal !== null) {
      events.closed(error, terminal)
    }
    for (const messageId of [...waiting.keys()]) {
      answered(messageId, connectionLost(error.message))
    }
  }

  const answered = (messageId = '', answer: Answer): void => {
    const command = waiting.get(messageId)
    if (command !== undefined) {
      waiting.delete(messageId)
      command.timer.clear()
      command.done?.(answer)
    } else if (messageId === '' && answer instanceof BroadcastError) {
      env.report(answer)
    }
  }

  const write: Link['write'] = (messageId, text, channel, done) => {
    const timer = env.timer()
    timer.set(answerTimeoutMs, () => {
      answered(messageId, new BroadcastError('timeout', `no answer within ${answerTimeoutMs} ms`))
    })
    waiting.set(messageId, { channel, done, timer })
    // A socket that is closing says so by its close event
    if (socket.readyState === OPEN) {
      socket.send(text)
    }
  }

  const request: Link['request'] = (command, done) => {
    let messageId: string
    do {
      messageId = `c-${++commands}`
      // A message of the outbox may have an id like these
    } while (waiting.has(messageId))
    write(messageId, JSON.stringify({ ...command, messageId }), (command as { channel?: string }).channel, done)
  }

  const probe = (): void => {
    if (isProbing || welcome === null || hasEnded) {
      return
    }
    isProbing = true
    const before = frames
    request({ type: 'presence', limit: 0 })
    silence.set(env.probeTimeoutMs, () => {
      isProbing = false
      if (frames === before) {
        fail(connectionLost('the server is silent'))
      } else {
        watch()
      }
    })
  }

  /** Looks at the clock rather than trust timers, which sleep with the page. */
  const watch = (): void => {
    // The clock may have been set back
    lastHeard = Math.min(lastHeard, now())
    const left = lastHeard + (welcome?.heartbeatMs ?? 0) * 1.5 + 1_000 - now()
    if (left > 0) {
      silence.set(left, watch)
    } else {
      probe()
    }
  }

  /** @throws TypeError when it is not sound */
  const heard = (frame: ServerFrame | null): void => {
    if (frame === null) {
      throw new TypeError('no JSON object')
    } else if (frame.type === 'ack') {
      answered(frame.messageId, frame.data ?? {})
    } else if (frame.type === 'error') {
      // The server does not repeat a name that is wrong
      answered(frame.messageId, refusal(frame.data, waiting.get(frame.messageId ?? '')?.channel))
    } else if (frame.type !== 'ping') {
      const push = pushOf(frame)
      if (push !== null) {
        events.push(push)
      }
    }
  }

  const socket = new WebSocket(url, SUBPROTOCOL)
  socket.onmessage = ({ data }) => {
    const frame = decode(data)
    frames++
    lastHeard = now()
    if (welcome !== null) {
      try {
        heard(frame)
      } catch (cause) {
        // Nothing of it has taken effect; a hole that it leaves is filled
        const message = `the server sent what makes no sense: ${String(cause)}`
        env.report(new BroadcastError('protocol-mismatch', message, { cause }))
      }
      return
    }
    welcome = welcomeOf(frame)
    if (welcome === null) {
      fail(new BroadcastError('not-a-broadcast-server', `${url} does not greet like a broadcast server: is it right?`))
    } else {
      watch()
      events.greeted(welcome)
    }
  }
  const closed = (code: number, reason: string): void => {
    const error = terminalError(code, reason)
    const passing =
      welcome === null
        ? new BroadcastError(
            'connect-failed',
            `no connection (${code}): is the server there, and allowed by its CORS origins and this page's Content-Security-Policy?`,
          )
        : connectionLost(`the connection was lost (${code})`)
    fail(error ?? passing, error !== null)
  }
  socket.onclose = ({ code, reason }) => {
    closed(code, reason)
  }
  // A policy of the page that forbids it is told by this and nothing else; of anything else the close event tells more
  socket.onerror = () => {
    if (welcome === null && socket.readyState === CLOSED) {
      closed(1006, '')
    }
  }
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = env.options
  silence.set(connectTimeoutMs, () => {
    const message = `no connection within ${connectTimeoutMs} ms: do proxies let WebSockets pass?`
    fail(new BroadcastError('connect-timeout', message))
  })

  return {
    get frames() {
      return frames
    },
    get maxMessageBytes() {
      return welcome?.maxMessageBytes ?? Infinity
    },
    request,
    write,
    awaits: (messageId) => waiting.has(messageId),
    probe,
    fail,
  }
}
