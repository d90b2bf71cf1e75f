import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { OutboxStorage, StoredOutgoing } from './types.js'

/** Writes behind to a storage, in order; what fails is reported, and nobody has to wait. */
export interface OutboxStore {
  /** What is there, oldest first. */
  readonly load: () => Promise<readonly StoredOutgoing[]>
  readonly put: (message: StoredOutgoing) => void
  readonly delete: (messageId: string) => void
}

export function createStore({ report, options: { outboxStorage: storage, identity = '' } }: Environment): OutboxStore {
  let tail = Promise.resolve()

  const run = (operation: (storage: OutboxStorage) => Promise<void>): Promise<void> => {
    if (storage !== undefined) {
      tail = tail
        .then(() => operation(storage))
        .catch((cause: unknown) => {
          report(new BroadcastError('storage-failed', `the storage of the outbox failed: ${String(cause)}`, { cause }))
        })
    }
    return tail
  }

  return {
    async load() {
      let stored: readonly StoredOutgoing[] = []
      await run(async (from) => {
        stored = await from.load(identity)
      })
      return [...stored].sort((a, b) => a.order - b.order)
    },
    put(message) {
      void run((to) => to.put(identity, message))
    },
    delete(messageId) {
      void run((from) => from.delete(identity, messageId))
    },
  }
}
