import type { Socket } from 'node:net'
import { FrameReader, type Frame } from './frames.js'

/** What a client sends, and what the server does: see PROTOCOL.md. */
export interface Spoken {
  readonly type: string
  readonly channel?: string
  readonly messageId?: string
  readonly data?: unknown
  readonly positions?: Readonly<Record<string, unknown>>
}

/** As of now; they may change. */
export interface ConnectionFaults {
  /** Milliseconds that everything takes longer, in both directions. */
  readonly delayMs: number
  /** Whether a text frame of the server gets lost; null when none does. */
  readonly eats: ((message: Spoken) => boolean) | null
}

/** A connection through the proxy, from both of its ends, and what was said on it. */
export class ProxiedConnection {
  /** As `performance.now()` tells. */
  readonly acceptedAt = performance.now()
  /** All that the client has sent, in its order. */
  readonly commands: Spoken[] = []
  readonly #client: Socket
  readonly #server: Socket
  readonly #faults: ConnectionFaults
  readonly #fromClient = new FrameReader()
  readonly #fromServer = new FrameReader()
  #text = ''
  #isHole = false
  #isOpen = true

  /** Neither socket may end by itself when the other direction does. */
  constructor(client: Socket, server: Socket, faults: ConnectionFaults) {
    this.#client = client
    this.#server = server
    this.#faults = faults
    this.#pass(client, server, (bytes) => {
      this.#listen(bytes)
      return bytes
    })
    this.#pass(server, client, (bytes) => this.#filter(bytes))
    client.once('close', () => {
      this.#isOpen = false
    })
  }

  /** Whether the client is still there. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The path and query that the client has asked for. */
  get path(): string {
    return this.#fromClient.head?.split(' ')[1] ?? ''
  }

  /** Resets it: what is on its way is lost. */
  cut(): void {
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
  }

  /** While it is on, nothing comes from the server any more, and nothing of it is lost. */
  stall(on: boolean): void {
    if (on) this.#server.pause()
    else this.#server.resume()
  }

  /** From now on nothing arrives in either direction, and neither end is told of anything: a cable was pulled out. */
  blackhole(): void {
    this.#isHole = true
  }

  #pass(from: Socket, to: Socket, through: (bytes: Buffer) => Buffer): void {
    // Not a changing one, which would change the order
    const { delayMs } = this.#faults
    const later = (action: () => void): void => {
      if (delayMs > 0) setTimeout(() => this.#unlessHole(action), delayMs)
      else this.#unlessHole(action)
    }
    from.setNoDelay(true)
    from.on('data', (bytes: Buffer) => later(() => to.write(through(bytes))))
    from.on('end', () => later(() => to.end()))
    from.on('error', () => this.#unlessHole(() => to.destroy()))
    from.on('close', () => later(() => to.destroy()))
  }

  #unlessHole(action: () => void): void {
    if (!this.#isHole) action()
  }

  #listen(bytes: Buffer): void {
    for (const { opcode, isFinal, payload } of this.#fromClient.read(bytes)) {
      if (opcode !== 0 && opcode !== 1) continue
      this.#text += payload.toString('utf8')
      if (isFinal) {
        this.commands.push(JSON.parse(this.#text) as Spoken)
        this.#text = ''
      }
    }
  }

  #filter(bytes: Buffer): Buffer {
    const { head } = this.#fromServer
    if (head !== null && !head.startsWith('HTTP/1.1 101')) return bytes
    const frames = this.#fromServer.read(bytes).filter((frame) => !this.#isEaten(frame))
    return Buffer.concat(frames.map((frame) => frame.bytes))
  }

  #isEaten({ opcode, isFinal, payload }: Frame): boolean {
    const { eats } = this.#faults
    return eats !== null && opcode === 1 && isFinal && eats(JSON.parse(payload.toString('utf8')) as Spoken)
  }
}
