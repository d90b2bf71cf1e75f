import { Timer } from './clock.js'
import type { Environment } from './environment.js'
import { pause } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Answer, Link } from './link.js'
import type { AckData, Command } from './protocol.js'

interface Ask {
  readonly command: Command
  readonly timer: Timer
  readonly resolve: (data: AckData) => void
  readonly reject: (error: BroadcastError) => void
}

/** The pause before a question is repeated when the server does not say how long. */
const REPEAT_MS = 1_000

/** Questions that change nothing: they wait for a connection, and are asked again when it is lost before the answer. */
export class Asks {
  readonly #env: Environment
  readonly #timeoutMs: number
  readonly #link: () => Link | null
  readonly #changed: () => void
  readonly #open = new Set<Ask>()

  constructor(env: Environment, timeoutMs: number, link: () => Link | null, changed: () => void) {
    this.#env = env
    this.#timeoutMs = timeoutMs
    this.#link = link
    this.#changed = changed
  }

  /** How many wait for their answer. */
  get size(): number {
    return this.#open.size
  }

  /** The data of the ack. Rejects with a {@link BroadcastError}, also when there was no connection for too long. */
  ask(command: Command): Promise<AckData> {
    return new Promise((resolve, reject) => {
      const ask: Ask = { command, timer: new Timer(this.#env.clock), resolve, reject }
      this.#open.add(ask)
      ask.timer.set(this.#timeoutMs, () => {
        this.#settle(
          ask,
          new BroadcastError('timeout', `no answer within ${this.#timeoutMs} ms: is there a connection?`),
        )
      })
      this.#send(ask)
      this.#changed()
    })
  }

  /** As {@link ask}, but goes on through everything that passes, as long as `wanted` says so. */
  async insist(command: Command, wanted: () => boolean): Promise<AckData> {
    for (;;) {
      try {
        return await this.ask(command)
      } catch (error) {
        if (!(error instanceof BroadcastError) || !wanted() || !isPassing(error)) {
          throw error
        }
        await pause(this.#env.clock, error.retryAfterMs ?? REPEAT_MS)
      }
    }
  }

  /** There is a link: everything is asked on it. */
  opened(): void {
    for (const ask of this.#open) {
      this.#send(ask)
    }
  }

  /** There will be no link. */
  fail(error: BroadcastError): void {
    for (const ask of [...this.#open]) {
      this.#settle(ask, error)
    }
  }

  #send(ask: Ask): void {
    this.#link()?.request(ask.command, (answer) => {
      if (!(answer instanceof BroadcastError && answer.code === 'connection-lost')) {
        this.#settle(ask, answer)
      }
    })
  }

  #settle(ask: Ask, answer: Answer): void {
    ask.timer.clear()
    if (this.#open.delete(ask)) {
      if (answer instanceof BroadcastError) {
        ask.reject(answer)
      } else {
        ask.resolve(answer)
      }
      this.#changed()
    }
  }
}

/** Whether the same may go well later. */
export function isPassing({ code }: BroadcastError): boolean {
  return code === 'rate-limited' || code === 'unavailable' || code === 'timeout' || code === 'connection-lost'
}
