import type { SocketLike } from '../core/types.js'
import { Pipe } from './pipe.js'

const CONNECTING = 0
const OPEN = 1
const CLOSING = 2
const CLOSED = 3

/** What a socket needs of the server: somebody who takes calls. */
export interface Switchboard {
  dial(socket: TestSocket): void
}

/** What arrives at the server's end of a socket. */
export interface SocketPeer {
  receive(text: string): void
  /** The client has closed with this code, or without one. */
  closedByClient(code: number | undefined): void
}

/** The client's end of a connection to a server in memory; behaves as the browser's WebSocket does. */
export class TestSocket implements SocketLike {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSING = CLOSING
  static readonly CLOSED = CLOSED

  readonly url: string
  readonly protocols: readonly string[]
  readonly toServer = new Pipe()
  readonly toClient = new Pipe()
  protocol = ''
  readyState: number = CONNECTING
  bufferedAmount = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null
  onerror: ((event: never) => void) | null = null
  #peer: SocketPeer | null = null

  constructor(server: Switchboard, url: string, protocols: string | string[] = []) {
    if (!/^wss?:$/.test(new URL(url).protocol)) throw new DOMException(`${url} is no URL of a WebSocket`, 'SyntaxError')
    this.url = url
    this.protocols = typeof protocols === 'string' ? [protocols] : [...protocols]
    server.dial(this)
  }

  send(data: string): void {
    if (this.readyState === CONNECTING) throw new DOMException('the socket is not open yet', 'InvalidStateError')
    const bytes = new TextEncoder().encode(data).length
    this.bufferedAmount += bytes
    if (this.readyState !== OPEN) return
    this.toServer.push(() => {
      this.bufferedAmount -= bytes
      this.#peer?.receive(data)
    })
  }

  close(code?: number): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`a page cannot close with ${code}`, 'InvalidAccessError')
    }
    if (this.readyState >= CLOSING) return
    if (this.readyState === CONNECTING) {
      this.readyState = CLOSING
      this.toServer.clear()
      this.toClient.clear()
      this.toServer.push(() => this.#peer?.closedByClient(undefined))
      this.toClient.push(() => this.fail())
      return
    }
    this.readyState = CLOSING
    this.toServer.push(() => this.#peer?.closedByClient(code))
  }

  // What the server's end does with it

  /** Somebody at the other end has answered; arrivals go there. */
  answer(peer: SocketPeer): void {
    this.#peer = peer
  }

  /** The handshake has succeeded. */
  open(protocol: string): void {
    if (this.readyState !== CONNECTING) return
    this.readyState = OPEN
    this.protocol = protocol
    this.onopen?.(event('open'))
  }

  /** A frame has arrived. */
  arrive(text: string): void {
    if (this.readyState === OPEN) this.onmessage?.({ data: text })
  }

  /** The connection has ended without a close frame, or was never made. */
  fail(): void {
    if (this.readyState === CLOSED) return
    this.onerror?.(event('error'))
    this.end(1006, '', false)
  }

  /** The connection has ended. */
  end(code: number, reason: string, wasClean: boolean): void {
    if (this.readyState === CLOSED) return
    this.readyState = CLOSED
    this.onclose?.({ code, reason, wasClean })
  }
}

/** The handlers of {@link SocketLike} promise not to look at it. */
function event(type: string): never {
  return { type } as never
}
