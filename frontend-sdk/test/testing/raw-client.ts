import type { SocketLike } from '../../src/core/types.js'
import type { TestServer } from '../../src/testing/index.js'

export type Frame = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> }

/** A client that does nothing by itself. */
export class RawClient {
  readonly socket: SocketLike & { readonly protocol: string }
  readonly events: string[] = []
  readonly frames: Frame[] = []
  closed: number | undefined

  constructor(server: TestServer, path = '', protocols: string | string[] = 'broadcast.v1') {
    const socket = new server.WebSocket(server.url + path, protocols)
    this.socket = socket as RawClient['socket']
    socket.onopen = () => this.events.push('open')
    socket.onerror = () => this.events.push('error')
    socket.onmessage = ({ data }) => {
      this.events.push('message')
      this.frames.push(JSON.parse(String(data)) as Frame)
    }
    socket.onclose = ({ code }) => {
      this.events.push('close')
      this.closed = code
    }
  }

  send(command: object): void {
    this.socket.send(JSON.stringify(command))
  }

  /** The data of the frame of this number; the welcome is 0, and -1 the last. */
  data(index: number): Readonly<Record<string, unknown>> {
    return this.frames.at(index)?.data ?? {}
  }

  /** Types of the frames after the welcome, with their offset where they have one. */
  get story(): readonly string[] {
    return this.frames.slice(1).map(({ type, offset }) => {
      const name = String(type)
      return offset === undefined ? name : `${name} ${Number(offset)}`
    })
  }
}
