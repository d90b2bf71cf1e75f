import type { OutboxStorage, StoredOutgoing } from '../../src/index.js'

/** A storage in memory. */
export class MemoryStorage implements OutboxStorage {
  readonly #messages = new Map<string, { readonly identity: string; readonly message: StoredOutgoing }>()

  get size(): number {
    return this.#messages.size
  }

  load(identity: string): Promise<readonly StoredOutgoing[]> {
    const own = [...this.#messages.values()].filter((one) => one.identity === identity)
    return Promise.resolve(own.map(({ message }) => message).reverse())
  }

  put(identity: string, message: StoredOutgoing): Promise<void> {
    this.#messages.set(`${identity} ${message.messageId}`, { identity, message })
    return Promise.resolve()
  }

  delete(identity: string, messageId: string): Promise<void> {
    this.#messages.delete(`${identity} ${messageId}`)
    return Promise.resolve()
  }
}
