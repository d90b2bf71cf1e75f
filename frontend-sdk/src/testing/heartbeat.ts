import type { Clock } from '../core/types.js'
import type { Connection } from './connection.js'

/** Pings a connection, and ends it when nothing comes back. */
export class Heartbeat {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #timeoutMs: number
  #next: number
  #deadline: number | undefined

  constructor(connection: Connection, clock: Clock, intervalMs: number, timeoutMs: number) {
    this.#connection = connection
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#timeoutMs = timeoutMs
    this.#next = this.#schedule()
  }

  stop(): void {
    this.#clock.clearTimer(this.#next)
    this.#alive()
  }

  #schedule(): number {
    return this.#clock.setTimer(() => this.#beat(), this.#intervalMs)
  }

  #beat(): void {
    const confirm = this.#connection.current.mark()
    this.#connection.ping(() => {
      this.#alive()
      confirm()
    })
    this.#deadline ??= this.#clock.setTimer(() => this.#connection.drop(4000), this.#timeoutMs)
    this.#next = this.#schedule()
  }

  #alive(): void {
    if (this.#deadline !== undefined) this.#clock.clearTimer(this.#deadline)
    this.#deadline = undefined
  }
}
