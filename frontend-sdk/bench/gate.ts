import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/**
 * A TCP proxy on one port of loopback that can be shut, so that its port refuses as that of a dead machine, and can hold back what
 * comes from the server, to pass it on in one piece.
 */
export class Gate {
  /** When connections were accepted, by `performance.now()`, since the gate was opened last. */
  accepts: number[] = []
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #server: Server | null = null
  #port = 0
  #held: { to: Socket; chunks: Buffer[] }[] | null = null

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`
  }

  /** Bytes that are held back. */
  get held(): Buffer {
    return Buffer.concat((this.#held ?? []).flatMap(({ chunks }) => chunks))
  }

  /** Connections lead to this port from now on. */
  async open(target: number): Promise<void> {
    this.accepts = []
    const server = createServer((client) => {
      this.accepts.push(performance.now())
      this.#join(client, connect(target, '127.0.0.1'))
    })
    this.#server = server
    server.listen({ port: this.#port, host: '127.0.0.1', backlog: 4_096 })
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
  }

  /** Resets every connection, and refuses others. */
  async shut(): Promise<void> {
    const server = this.#server
    this.#server = null
    const closed = server === null ? null : once(server, 'close')
    server?.close()
    for (const sockets of this.#pairs) for (const socket of sockets) socket.resetAndDestroy()
    await closed
  }

  hold(): void {
    this.#held = []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const { to, chunks } of held) to.write(Buffer.concat(chunks))
  }

  #join(client: Socket, server: Socket): void {
    const pair = [client, server] as const
    this.#pairs.add(pair)
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes) => this.#pass(client, bytes))
    for (const [from, to] of [pair, [server, client] as const]) {
      from.setNoDelay(true)
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
    }
  }

  #pass(to: Socket, bytes: Buffer): void {
    if (this.#held === null) {
      to.write(bytes)
      return
    }
    const known = this.#held.find((held) => held.to === to)
    if (known === undefined) this.#held.push({ to, chunks: [bytes] })
    else known.chunks.push(bytes)
  }
}
