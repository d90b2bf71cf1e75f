import type { ErrorCode } from '../core/errors.js'
import type { Member, Position, SocketConstructor } from '../core/types.js'
import type { ClientCommand } from './command.js'
import type { TestConnection } from './connection.js'
import { Faults, type Tamper } from './faults.js'
import type { Publication } from './log.js'
import { ServerNode } from './node.js'
import { DEFAULTS, type TestServerOptions } from './options.js'
import { TestSocket } from './socket.js'

/** A broadcast server in memory: a model of PROTOCOL.md, with faults on demand. */
export class TestServer {
  /** What clients connect to; only sockets of {@link WebSocket} find it. */
  readonly url = 'ws://broadcast.test/'
  /** Sockets that connect to this server; everything arrives in microtasks, in order. */
  readonly WebSocket: SocketConstructor
  readonly #faults = new Faults()
  readonly #node: ServerNode

  constructor(options: TestServerOptions = {}) {
    const node = new ServerNode(this.url, this.#faults, { ...DEFAULTS, ...options })
    this.#node = node
    this.WebSocket = class extends TestSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(node, url, protocols)
      }
    }
  }

  // What has happened

  /** Those that are open. */
  get connections(): readonly TestConnection[] {
    return [...this.#node.connections.keys()]
  }

  /** How many connections there ever were. */
  get opened(): number {
    return this.#node.opened
  }

  /** Everything that clients have sent and that is a command, in order, also what was refused. */
  get commands(): readonly ClientCommand[] {
    return this.#node.commands
  }

  /** Everything that was ever published to a channel, in all epochs, also what the history has no longer. */
  published(channel: string): readonly Publication[] {
    return this.#node.channel(channel).publications.all
  }

  /** The newest position of a channel. */
  top(channel: string): Position {
    return this.#node.channel(channel).publications.top
  }

  /** Who is in a channel. */
  members(channel: string): readonly Member[] {
    return this.#node.channel(channel).members
  }

  // What others do

  /** Publishes, as a backend does; gives the first position when there is one with this id already. */
  push(channel: string, data: unknown, options: { readonly messageId?: string } = {}): Position {
    return this.#node.publish(channel, data, options.messageId, null).position
  }

  /** Somebody joins, or shows something else. */
  join(channel: string, clientId: string, info: unknown): void {
    if (this.#node.channel(channel).join(clientId, info, this.#node.now())) this.#node.flush(channel)
  }

  /** Somebody leaves. */
  leave(channel: string, clientId: string): void {
    if (this.#node.channel(channel).leave(clientId, this.#node.now())) this.#node.flush(channel)
  }

  // Faults

  /** Ends all connections; without a code like lost ones (1006), together with all that is on its way. */
  drop(code?: number): void {
    for (const connection of this.connections) connection.drop(code)
  }

  /** While it is on, connections are open and nothing arrives in either direction; afterwards everything does. */
  silence(on: boolean): void {
    this.#faults.isSilent = on
    for (const socket of this.#node.sockets) this.#node.hold(socket)
  }

  /** The next so many broadcasts take effect and are not answered. */
  loseAcks(count: number): void {
    this.#faults.unanswered = count
  }

  /**
   * The streams of a channel, or of all, begin anew: subscribers get a gap with reason `epoch`, and those who follow its presence
   * another one and the joins of those who are there.
   */
  newEpoch(channel?: string): void {
    const node = this.#node
    for (const name of channel === undefined ? [...node.channels.keys()] : [channel]) {
      node.channel(name).renew(() => node.id('epoch'), node.now())
      node.flush(name)
    }
  }

  /** Shortens the history of a channel. */
  trim(channel: string, keep: number): void {
    this.#node.channel(channel).publications.trim(keep)
  }

  /** Gives every frame for a client to a function, and sends what it returns instead; null ends that. */
  tamper(change: Tamper | null): void {
    this.#faults.tamper = change
  }

  /** While it is on, attempts to connect fail. */
  offline(on: boolean): void {
    this.#faults.isOffline = on
  }

  /** Refuses to subscribe to a channel; null ends that. */
  refuse(channel: string, code: ErrorCode | null, retryAfterMs?: number): void {
    this.#faults.refuse('subscribe', channel, code, retryAfterMs)
  }

  /** Refuses broadcasts to a channel; null ends that. */
  refuseBroadcasts(channel: string, code: ErrorCode | null, retryAfterMs?: number): void {
    this.#faults.refuse('broadcast', channel, code, retryAfterMs)
  }

  /**
   * Moves the clients off, as a node does that stops: those connected by now are closed one after the other with 1012, over the spread.
   * Who connects later finds another node.
   */
  drain(spreadMs: number, deadlineMs: number): void {
    const { connections, clock } = this.#node
    const leaving = [...connections.keys()]
    this.#node.name = this.#node.id('node')
    leaving.forEach((connection, index) => {
      connection.drain(spreadMs, deadlineMs)
      const wait = Math.min(deadlineMs, (spreadMs * (index + 1)) / leaving.length)
      clock.setTimer(() => connection.drop(1012), wait)
    })
  }

  /** Dies and starts again with an empty memory: no session, no history, other epochs. */
  restart(): void {
    const node = this.#node
    this.drop()
    for (const session of [...node.sessions.values()]) node.forget(session)
    node.name = node.id('node')
    for (const channel of node.channels.values()) channel.renew(() => node.id('epoch'), node.now())
  }
}
