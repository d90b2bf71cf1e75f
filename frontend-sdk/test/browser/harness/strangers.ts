import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** A server that is not ours. */
export class Stranger {
  readonly #server: Server
  /** How often somebody has asked for something. */
  requests = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('request', () => this.requests++)
    server.on('upgrade', () => this.requests++)
  }

  /** Speaks HTTP and nothing else. */
  static http(status: number): Promise<Stranger> {
    const answer = (_: IncomingMessage, response: ServerResponse): unknown => response.writeHead(status).end('no')
    return Stranger.#listening(
      createServer(answer).on('upgrade', (request, socket) => {
        socket.end(`HTTP/1.1 ${status} ${request.method ?? ''}\r\nconnection: close\r\n\r\n`)
      }),
    )
  }

  /**
   * Speaks WebSocket.
   *
   * @param subprotocol what it selects, whatever is offered
   * @param greet what it does with whoever has come
   */
  static webSocket(subprotocol: string | false, greet: (socket: WebSocket) => void): Promise<Stranger> {
    const server = createServer()
    new WebSocketServer({ server, handleProtocols: () => subprotocol }).on('connection', greet)
    return Stranger.#listening(server)
  }

  static async #listening(server: Server): Promise<Stranger> {
    const stranger = new Stranger(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return stranger
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
