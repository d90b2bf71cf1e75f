import { within } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Entry } from './outbox-entry.js'
import type { OutboxStorage, StoredOutgoing } from './outbox-types.js'
import type { KeptOutbox } from './types.js'

/** Writes behind to a storage, in order; what fails or takes too long is reported, and nobody has to wait. */
export interface OutboxStore {
  /** Hands over what is there, oldest first; resolves when that is all. */
  readonly load: (take: (message: StoredOutgoing) => void) => Promise<void>
  readonly put: (entry: Entry) => void
  readonly delete: (messageId: string) => void
}

/** Keeps the outbox in a storage of one's own: `createClient({ url, outboxStorage: customStorage({ load, put, delete }) })`. */
export function customStorage(storage: OutboxStorage): KeptOutbox {
  return { serve: (env) => createStore(env, storage) }
}

function createStore(env: Environment, storage: OutboxStorage): OutboxStore {
  const { identity = '' } = env.options
  let tail = Promise.resolve()

  const run = (operation: () => Promise<void>): Promise<void> =>
    (tail = tail
      .then(() => within(env, env.answerTimeoutMs, operation()))
      .catch((cause: unknown) => {
        env.report(
          new BroadcastError('storage-failed', `the storage of the outbox failed: ${String(cause)}`, { cause }),
        )
      }))

  return {
    load: (take) =>
      run(async () => {
        const stored = [...(await storage.load(identity))]
        stored.sort((a, b) => a.order - b.order).forEach(take)
      }),
    put({ outgoing: { messageId, channel, data, status, queuedAt, expiresAt: ends }, order, echo }) {
      // A reload is no reason to send again what has failed
      const expiresAt = status === 'failed' ? Math.min(ends, env.now()) : ends
      const message = { messageId, channel, data, queuedAt, expiresAt, order, ...(!echo && { echo }) }
      void run(() => storage.put(identity, message))
    },
    delete(messageId) {
      void run(() => storage.delete(identity, messageId))
    },
  }
}
