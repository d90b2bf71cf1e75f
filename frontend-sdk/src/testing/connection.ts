import type { ErrorCode } from '../core/errors.js'
import type { Push, Standing } from './cursor.js'
import { Refusal, readCommand, type ClientCommand } from './command.js'
import type { Session } from './session.js'
import type { SocketPeer, TestSocket } from './socket.js'

/** A connection that is open, as tests see it. */
export interface TestConnection {
  readonly clientId: string
  /** The secret of its session. */
  readonly session: string
  /** Names of the channels, `*` among them. */
  readonly subscriptions: readonly string[]
  /** The URL that the client has called. */
  readonly url: string
  /** Ends it; without a code like a lost one (1006), together with all that is on its way. */
  drop(code?: number): void
}

/** The data of the first message. */
export interface Welcome {
  readonly clientId: string
  readonly session: string
  readonly resumed: boolean
  readonly node: string
  readonly heartbeatMs: number
  readonly maxMessageBytes: number
  readonly maxChannels: number
  readonly spreadMs: number
  readonly sessionTtlMs: number
  readonly subscriptions: Readonly<Record<string, Standing>>
}

/** What a connection needs of its server. */
export interface ConnectionServer {
  now(): number
  readonly commandTypes: readonly string[]
  readonly maxMessageBytes: number
  record(command: ClientCommand): void
  execute(connection: Connection, command: ClientCommand): void
  tamper(frame: string, connection: Connection): readonly string[]
  ended(connection: Connection): void
}

const REASONS: Readonly<Record<number, string>> = {
  1009: 'message-too-big',
  1011: 'internal-error',
  1012: 'service-restart',
  1013: 'try-again-later',
  4000: 'heartbeat-timeout',
  4001: 'slow-consumer',
  4002: 'idle',
  4100: 'session-taken-over',
  4101: 'disconnected',
  4102: 'flooding',
}

/** The server's end of a connection. */
export class Connection implements TestConnection, SocketPeer {
  readonly url: string
  /** Whether the client has offered the subprotocol. */
  readonly isPlain: boolean
  /** Until when it may send commands, by the server's clock. */
  authorizedUntil: number
  current: Session
  isOpen = true
  readonly socket: TestSocket
  readonly #server: ConnectionServer

  constructor(server: ConnectionServer, socket: TestSocket, session: Session, authorizedUntil: number) {
    this.#server = server
    this.socket = socket
    this.current = session
    this.url = socket.url
    this.isPlain = !socket.protocols.includes('broadcast.v1')
    this.authorizedUntil = authorizedUntil
  }

  get clientId(): string {
    return this.current.clientId
  }

  get session(): string {
    return this.current.token
  }

  get subscriptions(): readonly string[] {
    return [...this.current.subscriptions.keys()]
  }

  drop(code?: number): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.socket.toServer.clear()
    if (code === undefined) {
      this.socket.toClient.clear()
      this.socket.toClient.push(() => this.socket.fail())
    } else {
      this.socket.toClient.push(() => this.socket.end(code, REASONS[code] ?? '', true))
    }
    this.#server.ended(this)
  }

  closedByClient(code: number | undefined): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.socket.toClient.push(() => this.socket.end(code ?? 1005, '', true))
    this.#server.ended(this)
  }

  receive(text: string): void {
    if (!this.isOpen) return
    if (new TextEncoder().encode(text).length > this.#server.maxMessageBytes) {
      this.drop(1009)
      return
    }
    try {
      const command = readCommand(text, this.#server.commandTypes)
      this.#server.record(command)
      this.#server.execute(this, command)
    } catch (failure) {
      if (!(failure instanceof Refusal)) throw failure
      this.#refuse(failure)
    }
  }

  /** The answer to a command; the fields of the data are those of PROTOCOL.md. */
  ack(command: ClientCommand, data: object, channel?: string): void {
    this.#write({ type: 'ack', channel, messageId: command.messageId, data })
  }

  welcome(data: Welcome): void {
    this.#write({ type: 'ack', data })
  }

  drain(spreadMs: number, deadlineMs: number): void {
    if (!this.isPlain) this.#write({ type: 'drain', data: { spreadMs, deadlineMs } })
  }

  /** @param arrived called when it has */
  ping(arrived: () => void): void {
    this.#write({ type: 'ping' })
    this.socket.toClient.push(arrived)
  }

  push(push: Push): void {
    if (!this.isPlain) this.#write(push)
    else if (push.type === 'message') this.#write(push)
    else if (push.type === 'gap') {
      const message = 'publications of this channel were lost to this connection'
      this.#write({ type: 'error', channel: push.channel, data: { code: 'gap', message, ...push.data } })
    }
  }

  #refuse({ code, message, messageId, retryAfterMs }: Refusal): void {
    const data: { code: ErrorCode; message: string; retryAfterMs?: number | undefined } = {
      code,
      message,
      retryAfterMs,
    }
    this.#write({ type: 'error', messageId, data })
  }

  #write(frame: object): void {
    if (!this.isOpen) return
    const text = JSON.stringify({ ...frame, timestamp: 'timestamp' in frame ? frame.timestamp : this.#server.now() })
    for (const changed of this.#server.tamper(text, this)) {
      this.socket.toClient.push(() => this.socket.arrive(changed))
    }
  }
}
