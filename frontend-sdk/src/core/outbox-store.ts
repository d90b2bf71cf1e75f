import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { OutboxStorage, StoredOutgoing } from './types.js'

/** Writes behind to a storage, in order; what fails is reported, and nobody has to wait. */
export class OutboxStore {
  readonly #env: Environment
  readonly #identity: string
  readonly #storage: OutboxStorage | undefined
  #tail: Promise<void> = Promise.resolve()

  constructor(env: Environment, identity: string, storage: OutboxStorage | undefined) {
    this.#env = env
    this.#identity = identity
    this.#storage = storage
  }

  /** What is there, oldest first. */
  async load(): Promise<readonly StoredOutgoing[]> {
    let stored: readonly StoredOutgoing[] = []
    await this.#run(async (storage) => {
      stored = [...(await storage.load(this.#identity))].sort((a, b) => a.order - b.order)
    })
    return stored
  }

  put(message: StoredOutgoing): void {
    void this.#run((storage) => storage.put(this.#identity, message))
  }

  delete(messageId: string): void {
    void this.#run((storage) => storage.delete(this.#identity, messageId))
  }

  #run(operation: (storage: OutboxStorage) => Promise<void>): Promise<void> {
    const storage = this.#storage
    if (storage !== undefined) {
      this.#tail = this.#tail
        .then(() => operation(storage))
        .catch((cause: unknown) => {
          this.#env.report(
            new BroadcastError('storage-failed', `the storage of the outbox failed: ${String(cause)}`, { cause }),
          )
        })
    }
    return this.#tail
  }
}
