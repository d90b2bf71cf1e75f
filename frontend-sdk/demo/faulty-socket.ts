import type { SocketConstructor, SocketLike } from 'broadcast-socket-sdk'

/** What is broken at the moment, and what was seen. Immutable; a change makes another one. */
export interface FaultState {
  /** Since when nothing comes or goes, in milliseconds since 1970; null while it does. */
  readonly silentSince: number | null
  /** Acks of broadcasts that will still be lost, and that were. */
  readonly acksToLose: number
  readonly acksLost: number
  /** What the server has said about its heartbeat; 0 before it has. */
  readonly heartbeatMs: number
  /** Sockets that were begun and have not ended. */
  readonly sockets: number
  /** How often the server has refused a command because of its limits. */
  readonly refusals: number
}

type Verdict = 'deliver' | 'lose'

/** Makes sockets that can be broken on purpose, from above, where a browser lets nobody pull a cable. */
export class Faults {
  /** To be given to the client as its `WebSocket`. */
  readonly WebSocket: SocketConstructor
  readonly #sockets = new Set<FaultySocket>()
  readonly #listeners = new Set<() => void>()
  readonly #now: () => number
  #state: FaultState = { silentSince: null, acksToLose: 0, acksLost: 0, heartbeatMs: 0, sockets: 0, refusals: 0 }

  constructor(Base: SocketConstructor, now: () => number = Date.now) {
    this.#now = now
    const sockets = this.#sockets
    const owner: Owner = {
      judge: (data) => this.#judge(data),
      ended: (socket) => {
        if (!sockets.delete(socket)) return
        this.#become({ sockets: sockets.size, ...(socket.isSilent && { silentSince: null }) })
      },
      began: (socket) => {
        sockets.add(socket)
        this.#become({ sockets: sockets.size })
      },
    }
    this.WebSocket = class extends FaultySocket {
      constructor(url: string, protocols?: string | string[]) {
        super(new Base(url, protocols), owner)
        owner.began(this)
      }
    }
  }

  /** The same object until something changes. */
  readonly snapshot = (): FaultState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Cuts what is open, as a lost network does: without a word to either side. */
  readonly drop = (): void => {
    for (const socket of [...this.#sockets]) socket.cut()
  }

  /** What is open stays open, and nothing comes or goes any more. Ends when the client gives that socket up. */
  readonly silence = (): void => {
    let any = false
    for (const socket of this.#sockets) any = socket.silence() || any
    if (any) this.#become({ silentSince: this.#now() })
  }

  /** Loses so many acks of broadcasts, on whatever socket they come. */
  readonly loseAcks = (count: number): void => {
    this.#become({ acksToLose: this.#state.acksToLose + count })
  }

  #judge(data: unknown): Verdict {
    const frame = read(data)
    if (frame?.data?.heartbeatMs !== undefined) {
      this.#become({ heartbeatMs: frame.data.heartbeatMs })
    } else if (frame?.type === 'error' && frame.data?.code === 'rate-limited') {
      this.#become({ refusals: this.#state.refusals + 1 })
    } else if (frame?.type === 'ack' && frame.data?.durability !== undefined && this.#state.acksToLose > 0) {
      this.#become({ acksToLose: this.#state.acksToLose - 1, acksLost: this.#state.acksLost + 1 })
      return 'lose'
    }
    return 'deliver'
  }

  #become(change: Partial<FaultState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}

interface Owner {
  judge(data: unknown): Verdict
  began(socket: FaultySocket): void
  ended(socket: FaultySocket): void
}

/** What is looked at in a frame of the server, see PROTOCOL.md. */
interface Frame {
  readonly type?: string
  readonly data?: { readonly heartbeatMs?: number; readonly code?: string; readonly durability?: string }
}

function read(data: unknown): Frame | null {
  try {
    return typeof data === 'string' ? (JSON.parse(data) as Frame | null) : null
  } catch {
    return null
  }
}

const OPEN = 1

/** A socket between the client and the browser's own. */
class FaultySocket implements SocketLike {
  onopen: SocketLike['onopen'] = null
  onmessage: SocketLike['onmessage'] = null
  onclose: SocketLike['onclose'] = null
  onerror: SocketLike['onerror'] = null
  readonly #base: SocketLike
  readonly #owner: Owner
  #isSilent = false

  constructor(base: SocketLike, owner: Owner) {
    this.#base = base
    this.#owner = owner
    base.onopen = (event) => this.onopen?.(event)
    base.onerror = (event) => this.onerror?.(event)
    base.onmessage = (event) => {
      if (!this.#isSilent && owner.judge(event.data) === 'deliver') this.onmessage?.(event)
    }
    base.onclose = (event) => {
      // Through silence not even the end is heard, which a server with short heartbeats makes of it
      if (this.#isSilent) return
      owner.ended(this)
      this.onclose?.(event)
    }
  }

  get isSilent(): boolean {
    return this.#isSilent
  }

  get readyState(): number {
    return this.#base.readyState
  }

  get bufferedAmount(): number {
    return this.#base.bufferedAmount
  }

  send(data: string): void {
    if (!this.#isSilent) this.#base.send(data)
  }

  close(code?: number, reason?: string): void {
    this.#owner.ended(this)
    this.#base.close(code, reason)
  }

  /** False when it is not open. */
  silence(): boolean {
    this.#isSilent = this.#base.readyState === OPEN
    return this.#isSilent
  }

  cut(): void {
    if (this.#base.readyState !== OPEN) return
    this.#owner.ended(this)
    this.#base.onmessage = null
    this.#base.onclose = null
    this.#base.close()
    this.onclose?.({ code: 1006, reason: '', wasClean: false })
  }
}
