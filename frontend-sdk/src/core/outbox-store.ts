import { within } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { createEntry } from './outbox-entry.js'
import type { Entry } from './outbox-entry.js'
import type { OutboxStorage, StoredOutgoing } from './types.js'

/** Writes behind to a storage, in order; what fails or takes too long is reported, and nobody has to wait. */
export interface OutboxStore {
  /** What is there, oldest first. */
  readonly load: () => Promise<readonly Entry[]>
  readonly put: (message: StoredOutgoing) => void
  readonly delete: (messageId: string) => void
}

export function createStore({ clock, answerTimeoutMs, report, options }: Environment): OutboxStore {
  const { outboxStorage: storage, identity = '' } = options
  let tail = Promise.resolve()

  const run = (operation: (storage: OutboxStorage) => Promise<void>): Promise<void> => {
    if (storage !== undefined) {
      tail = tail
        .then(() => within(clock, answerTimeoutMs, operation(storage)))
        .catch((cause: unknown) => {
          report(new BroadcastError('storage-failed', `the storage of the outbox failed: ${String(cause)}`, { cause }))
        })
    }
    return tail
  }

  return {
    async load() {
      let entries: readonly Entry[] = []
      await run(async (from) => {
        const stored = [...(await from.load(identity))]
        entries = stored.sort((a, b) => a.order - b.order).map(createEntry)
      })
      return entries
    },
    put(message) {
      void run((to) => to.put(identity, message))
    },
    delete(messageId) {
      void run((from) => from.delete(identity, messageId))
    },
  }
}
