import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { ProxiedConnection, type Spoken } from './proxied-connection.js'

/** A TCP proxy on a free port of loopback that does what networks do, on demand. */
export class TcpProxy {
  /** Where new connections lead; those that come while it is null are refused. */
  target: number | null = null
  /** While it is on, new connections are accepted and nothing ever comes back. */
  silent = false
  /** Milliseconds that everything takes longer on connections that come from now on. */
  delayMs = 0
  /** Which text frames of the server get lost; null for none. */
  eats: ((message: Spoken) => boolean) | null = null
  /** When clients have tried to connect, also those that were refused; as `performance.now()` tells. */
  readonly attempts: number[] = []
  /** All that were not refused, from the first one on. */
  readonly history: ProxiedConnection[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #stalled = false
  #rhythm: NodeJS.Timeout | undefined

  constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** Those whose client is there. */
  get open(): readonly ProxiedConnection[] {
    return this.history.filter(({ isOpen }) => isOpen)
  }

  /** All that clients have sent, connection by connection. */
  get commands(): readonly Spoken[] {
    return this.history.flatMap(({ commands }) => commands)
  }

  /** Resets every connection: what is on its way is lost. */
  cut(): void {
    for (const connection of this.open) connection.cut()
  }

  /** Resets every connection again and again, until {@link close} or 0. */
  cutEvery(ms: number): void {
    clearInterval(this.#rhythm)
    this.#rhythm = ms > 0 ? setInterval(() => this.cut(), ms) : undefined
  }

  /** While it is on, nothing comes from the server any more; afterwards all of it does. */
  stall(on: boolean): void {
    this.#stalled = on
    for (const connection of this.open) connection.stall(on)
  }

  /** Lets the connections of now end in nothing, without telling anybody. Those that come later work. */
  blackhole(): void {
    for (const connection of this.open) connection.blackhole()
  }

  async close(): Promise<void> {
    this.cutEvery(0)
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    this.attempts.push(performance.now())
    this.#keep(client)
    if (this.target === null) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true })
    this.#keep(server)
    const connection = new ProxiedConnection(client, server, this)
    this.history.push(connection)
    if (this.#stalled) connection.stall(true)
    if (this.silent) connection.blackhole()
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
