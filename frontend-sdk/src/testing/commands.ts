import type { ErrorCode } from '../core/errors.js'
import type { Position } from '../core/types.js'
import type { Channel } from './channel.js'
import { Refusal, type ClientCommand } from './command.js'
import type { Connection } from './connection.js'
import { Cursor, type Standing } from './cursor.js'
import type { Session } from './session.js'

/** Why a command for a channel is not done. */
export interface Refused {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

/** What commands need of their server. */
export interface CommandServer {
  readonly maxChannels: number
  readonly infoBytes: number
  now(): number
  channel(name: string): Channel
  /** Why this channel cannot be subscribed or published to at present. */
  refused(command: 'subscribe' | 'broadcast', channel: string): Refused | undefined
  publish(channel: string, data: unknown, messageId: string | undefined, withheldFrom: string | null): Published
  /** Whether this broadcast is answered. */
  answers(): boolean
  join(session: Session, channel: string, info: unknown): void
  leave(session: Session, channel: string): void
  /** Makes an earlier session that of the connection, or does nothing; true when it is. */
  takeUp(connection: Connection, token: string): boolean
  /** From now on the session of a connection that was taken up writes to it. */
  attach(connection: Connection): void
  /** The data of the ack of an `auth`. */
  authorize(connection: Connection, command: ClientCommand): object
}

export interface Published {
  readonly position: Position
  readonly messageId: string
  readonly duplicate: boolean
}

/** Members in the ack of a subscribe, and in a page that has no `limit`. */
const PAGE = 100

/**
 * Does what a command asks for and answers it.
 *
 * @throws Refusal when it is refused; then nothing has taken effect
 */
export function execute(server: CommandServer, connection: Connection, command: ClientCommand): void {
  const channel = command.channel ?? '*'
  switch (command.type) {
    case 'subscribe':
      subscribe(server, connection, command, channel)
      break
    case 'unsubscribe':
      connection.current.subscriptions.delete(channel)
      connection.current.watches.delete(channel)
      server.leave(connection.current, channel)
      connection.ack(command, {}, channel)
      break
    case 'broadcast':
      broadcast(server, connection, command, channel)
      break
    case 'resume':
      resume(server, connection, command)
      break
    case 'history':
      connection.ack(command, page(server.channel(channel), command), channel)
      break
    case 'presence':
      connection.ack(command, server.channel(channel).page(command.after ?? '', command.limit ?? PAGE), channel)
      break
    case 'auth':
      connection.ack(command, server.authorize(connection, command))
      break
  }
}

function subscribe(server: CommandServer, connection: Connection, command: ClientCommand, name: string): void {
  const session = connection.current
  const refused = refusal(server, session, name)
  if (refused !== undefined) throw refusing(command, refused)
  if (command.presence === true && connection.isPlain) throw invalid(command, 'presence is for broadcast.v1')
  if ('info' in command && new TextEncoder().encode(JSON.stringify(command.info)).length > server.infoBytes) {
    throw invalid(command, `"info" may have ${server.infoBytes} bytes`)
  }
  const channel = server.channel(name)
  const earlier = session.subscriptions.get(name)
  const begin = beginning(channel, command)
  const cursor = begin === undefined && earlier !== undefined ? earlier : cursorAt(channel, begin)
  const watched = channel.visits.top
  if ('info' in command) server.join(session, name, command.info)
  const presence = command.presence === true ? { presence: channel.page('', PAGE) } : {}
  connection.ack(command, { ...cursor.standing, ...presence }, name)
  session.subscriptions.set(name, cursor)
  if (command.presence === false) session.watches.delete(name)
  if (command.presence === true && !session.watches.has(name)) {
    session.watches.set(name, new Cursor(channel, 'visits', watched))
  }
  session.flush(name)
}

function broadcast(server: CommandServer, connection: Connection, command: ClientCommand, channel: string): void {
  const refused = server.refused('broadcast', channel)
  if (refused !== undefined) throw refusing(command, refused)
  const withheldFrom = command.echo === false ? connection.clientId : null
  const { position, messageId, duplicate } = server.publish(channel, command.data, command.messageId, withheldFrom)
  if (server.answers()) {
    connection.ack({ ...command, messageId }, { ...position, durability: 'memory', duplicate }, channel)
  }
}

function resume(server: CommandServer, connection: Connection, command: ClientCommand): void {
  const isTakenUp = command.session !== undefined && server.takeUp(connection, command.session)
  const session = connection.current
  const subscriptions: Record<string, Standing> = isTakenUp ? session.rewind() : {}
  const refused: Record<string, Refused> = {}
  for (const [name, position] of Object.entries(command.positions ?? {})) {
    const reason = refusal(server, session, name)
    if (reason !== undefined) {
      refused[name] = reason
      continue
    }
    const cursor = cursorAt(server.channel(name), position)
    session.subscriptions.set(name, cursor)
    subscriptions[name] = cursor.standing
  }
  const data = { clientId: session.clientId, session: session.token, subscriptions }
  connection.ack(command, Object.keys(refused).length === 0 ? data : { ...data, refused })
  if (isTakenUp) server.attach(connection)
  session.flush()
}

function refusal(server: CommandServer, session: Session, channel: string): Refused | undefined {
  const refused = server.refused('subscribe', channel)
  if (refused !== undefined) return refused
  if (session.subscriptions.has(channel) || session.size < server.maxChannels) return undefined
  return { code: 'channel-limit', message: `a connection may have ${server.maxChannels} subscriptions` }
}

function beginning(channel: Channel, { since, last }: ClientCommand): Position | undefined {
  if (since !== undefined) return since
  if (last === undefined) return undefined
  const { top, bottom } = channel.publications
  return { epoch: top.epoch, offset: Math.max(bottom.offset, top.offset - last) }
}

function cursorAt(channel: Channel, position: Position | undefined): Cursor {
  return new Cursor(channel, 'publications', position ?? channel.publications.top)
}

function page({ publications: log }: Channel, { since, limit = PAGE }: ClientCommand): object {
  const { start, gap } = log.recover(since ?? log.bottom)
  const publications = log
    .after(start.offset)
    .slice(0, limit)
    .map(({ offset, messageId, timestamp, data }) => ({ offset, messageId, timestamp, data }))
  return { ...log.top, publications, ...(gap === undefined ? {} : { gap }) }
}

function invalid(command: ClientCommand, message: string): Refusal {
  return refusing(command, { code: 'invalid-request', message })
}

function refusing({ messageId }: ClientCommand, { code, message, retryAfterMs }: Refused): Refusal {
  return new Refusal(code, message, { messageId, retryAfterMs })
}
