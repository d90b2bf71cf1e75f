import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** A TCP proxy on a free port of loopback that ends and stalls connections on demand. */
export class TcpProxy {
  /** Where new connections lead; those that come while it is null are refused. */
  target: number | null = null
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #stalled = false

  constructor() {
    this.#server = createServer((client) => this.#accept(client))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Resets every connection: what is on its way is lost. */
  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
  }

  /** While it is on, nothing comes from the server any more. */
  stall(on: boolean): void {
    this.#stalled = on
    for (const [, server] of this.#pairs) {
      if (on) server.pause()
      else server.resume()
    }
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    if (this.target === null) {
      client.resetAndDestroy()
      return
    }
    const server = connect(this.target, '127.0.0.1')
    const pair = [client, server] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.setNoDelay(true)
      from.on('data', (bytes) => to.write(bytes))
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
    }
    if (this.#stalled) server.pause()
  }
}
