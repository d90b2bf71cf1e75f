import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { validate } from './schema.js'
import { isGap } from './subscriber.js'
import type { Item } from './subscriber.js'
import type { Message, StandardSchema } from './types.js'

/** Checks the payloads of a channel against its schema, and keeps their order when that takes time. */
export class Funnel {
  readonly #channel: string
  readonly #env: Environment
  readonly #schema: StandardSchema | undefined
  readonly #out: (item: Item) => void
  /** Resolves when all that was put has come out; null when it has. */
  #tail: Promise<void> | null = null

  constructor(channel: string, env: Environment, schema: StandardSchema | undefined, out: (item: Item) => void) {
    this.#channel = channel
    this.#env = env
    this.#schema = schema
    this.#out = out
  }

  put(item: Item): void {
    const checked = isGap(item) ? item : this.check(item)
    if (this.#tail === null && !(checked instanceof Promise)) {
      this.#pass(checked)
      return
    }
    const tail: Promise<void> = (this.#tail ?? Promise.resolve()).then(async () => {
      this.#pass(await checked)
      if (this.#tail === tail) {
        this.#tail = null
      }
    })
    this.#tail = tail
  }

  /** The message as the schema makes it; null, and reported, when it does not match. */
  check(message: Message): Message | null | Promise<Message | null> {
    if (this.#schema === undefined) {
      return message
    }
    const withData = (data: unknown): Message => (data === message.data ? message : Object.freeze({ ...message, data }))
    const refuse = (error: unknown): null => {
      this.#env.report(
        error instanceof BroadcastError
          ? error
          : new BroadcastError('schema-mismatch', String(error), { channel: this.#channel }),
      )
      return null
    }
    try {
      const data = validate(this.#schema, this.#channel, message.data)
      return data instanceof Promise ? data.then(withData, refuse) : withData(data)
    } catch (error) {
      return refuse(error)
    }
  }

  #pass(item: Item | null): void {
    if (item !== null) {
      this.#out(item)
    }
  }
}
