import type { Clock } from '../core/types.js'
import { Channel } from './channel.js'
import { Refusal, type ClientCommand } from './command.js'
import { execute, type CommandServer, type Published, type Refused } from './commands.js'
import { Connection, type ConnectionServer } from './connection.js'
import type { Faults } from './faults.js'
import { Heartbeat } from './heartbeat.js'
import type { TestServerOptions } from './options.js'
import { Session } from './session.js'
import type { Switchboard, TestSocket } from './socket.js'

/** What a server in memory keeps: channels, sessions and connections. */
export class ServerNode implements ConnectionServer, CommandServer, Switchboard {
  readonly channels = new Map<string, Channel>()
  readonly sessions = new Map<string, Session>()
  readonly connections = new Map<Connection, Heartbeat>()
  readonly sockets = new Set<TestSocket>()
  readonly commands: ClientCommand[] = []
  readonly commandTypes: readonly string[]
  opened = 0
  name: string
  readonly #options: Required<Omit<TestServerOptions, 'auth'>>
  readonly #auth: TestServerOptions['auth']
  readonly #url: string
  readonly #faults: Faults
  readonly #ids = new Map<string, number>()

  constructor(
    url: string,
    faults: Faults,
    { auth, ...options }: Required<Omit<TestServerOptions, 'auth'>> & Pick<TestServerOptions, 'auth'>,
  ) {
    this.#url = url
    this.#faults = faults
    this.#options = options
    this.#auth = auth
    this.name = this.id('node')
    this.commandTypes = auth === undefined ? [] : ['auth']
  }

  get clock(): Clock {
    return this.#options.clock
  }

  get maxMessageBytes(): number {
    return this.#options.maxMessageBytes
  }

  get maxChannels(): number {
    return this.#options.maxChannels
  }

  get infoBytes(): number {
    return this.#options.infoBytes
  }

  now(): number {
    return this.clock.now()
  }

  /** A word that was not given before. */
  id(kind: string): string {
    const number = (this.#ids.get(kind) ?? 0) + 1
    this.#ids.set(kind, number)
    return `${kind}-${number}`
  }

  channel(name: string): Channel {
    let channel = this.channels.get(name)
    if (channel === undefined) {
      channel = new Channel(name, () => this.id('epoch'))
      this.channels.set(name, channel)
    }
    return channel
  }

  publish(channel: string, data: unknown, messageId: string | undefined, withheldFrom: string | null): Published {
    const log = this.channel(channel).publications
    const id = messageId ?? this.id('message')
    const { position, duplicate } = log.append({ messageId: id, data, timestamp: this.now(), withheldFrom })
    this.flush(channel)
    log.trim(this.#options.historySize)
    return { position, messageId: id, duplicate }
  }

  /** Writes what there is to be written of a channel. */
  flush(channel: string): void {
    for (const { current } of this.connections.keys()) current.flush(channel)
  }

  // What clients do

  dial(socket: TestSocket): void {
    this.sockets.add(socket)
    this.hold(socket)
    socket.toServer.push(() => this.#accept(socket))
  }

  hold(socket: TestSocket): void {
    socket.toServer.hold(this.#faults.isSilent)
    socket.toClient.hold(this.#faults.isSilent)
  }

  record(command: ClientCommand): void {
    this.commands.push(command)
  }

  execute(connection: Connection, command: ClientCommand): void {
    if (command.type !== 'auth' && this.now() >= connection.authorizedUntil) {
      throw new Refusal('unauthorized', 'show a token that is valid', command)
    }
    execute(this, connection, command)
  }

  authorize(connection: Connection, command: ClientCommand): object {
    const granted = this.#auth?.(command.token ?? '') ?? null
    if (granted === null) throw new Refusal('unauthorized', 'the token is not valid', command)
    connection.authorizedUntil = this.now() + (granted.expiresInMs ?? Infinity)
    return granted
  }

  join(session: Session, name: string, info: unknown): void {
    session.infos.set(name, info)
    if (this.channel(name).join(session.clientId, info, this.now())) this.#visited(name)
  }

  leave(session: Session, name: string): void {
    session.infos.delete(name)
    if (this.channel(name).leave(session.clientId, this.now())) this.#visited(name)
  }

  takeUp(connection: Connection, token: string): boolean {
    const earlier = this.#waiting(token)
    if (earlier === undefined || earlier === connection.current) return false
    earlier.connection?.drop(4100)
    this.forget(connection.current)
    connection.current = earlier
    return true
  }

  /** From now on the session writes to its connection, and is a member where it was. */
  attach(connection: Connection): void {
    const session = connection.current
    session.connection = connection
    if (session.lingering !== undefined) this.clock.clearTimer(session.lingering)
    for (const [name, info] of session.infos) this.join(session, name, info)
    session.flush()
  }

  /** The session is no more, and leaves at once. */
  forget(session: Session): void {
    if (session.lingering !== undefined) this.clock.clearTimer(session.lingering)
    session.connection = null
    this.sessions.delete(session.token)
    for (const name of [...session.infos.keys()]) this.leave(session, name)
  }

  ended(connection: Connection): void {
    this.connections.get(connection)?.stop()
    this.connections.delete(connection)
    connection.socket.toClient.push(() => this.sockets.delete(connection.socket))
    const session = connection.current
    if (session.connection !== connection) return
    session.connection = null
    session.lostAt = this.now()
    if (session.infos.size > 0) {
      session.lingering = this.clock.setTimer(() => this.#gone(session), this.#options.presenceLingerMs)
    }
  }

  // Faults

  refused(command: 'subscribe' | 'broadcast', channel: string): Refused | undefined {
    return this.#faults.refused(command, channel)
  }

  answers(): boolean {
    return this.#faults.answers()
  }

  tamper(frame: string, connection: Connection): readonly string[] {
    return this.#faults.tamper?.(frame, connection) ?? [frame]
  }

  #accept(socket: TestSocket): void {
    const url = new URL(socket.url)
    if (this.#faults.isOffline || url.host !== new URL(this.#url).host) {
      socket.toClient.push(() => {
        this.sockets.delete(socket)
        socket.fail()
      })
      return
    }
    const earlier = this.#waiting(url.searchParams.get('session') ?? '')
    earlier?.connection?.drop(4100)
    const session = earlier ?? this.#newSession()
    const connection = new Connection(this, socket, session, this.#auth === undefined ? Infinity : -Infinity)
    socket.answer(connection)
    socket.toClient.push(() => socket.open(connection.isPlain ? '' : 'broadcast.v1'))
    this.opened++
    const { heartbeatMs, heartbeatTimeoutMs } = this.#options
    this.connections.set(connection, new Heartbeat(connection, this.clock, heartbeatMs, heartbeatTimeoutMs))
    this.#welcome(connection, earlier !== undefined)
    this.attach(connection)
  }

  #welcome(connection: Connection, resumed: boolean): void {
    const { current: session } = connection
    const { heartbeatMs, maxMessageBytes, maxChannels, spreadMs, sessionTtlMs } = this.#options
    const limits = { heartbeatMs, maxMessageBytes, maxChannels, spreadMs, sessionTtlMs }
    const { clientId, token } = session
    const subscriptions = session.rewind()
    connection.welcome({ clientId, session: token, resumed, node: this.name, ...limits, subscriptions })
  }

  #newSession(): Session {
    const session = new Session(this.id('client'), this.id('session'), this.channel('*'))
    this.sessions.set(session.token, session)
    return session
  }

  /** The session that a client may come back to, if it is there. */
  #waiting(token: string): Session | undefined {
    const session = this.sessions.get(token)
    const isOver = session?.connection === null && this.now() - session.lostAt > this.#options.sessionTtlMs
    return isOver ? undefined : session
  }

  #gone(session: Session): void {
    session.lingering = undefined
    for (const name of session.infos.keys()) {
      if (this.channel(name).leave(session.clientId, this.now())) this.#visited(name)
    }
  }

  #visited(name: string): void {
    this.flush(name)
    this.channel(name).visits.trim(this.#options.historySize)
  }
}
