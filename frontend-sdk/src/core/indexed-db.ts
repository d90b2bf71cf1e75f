import { customStorage } from './outbox-store.js'
import type { OutboxStorage, StoredOutgoing } from './outbox-types.js'
import type { KeptOutbox } from './types.js'

const STORE = 'messages'

/**
 * Keeps the outbox in IndexedDB, so that a reload loses nothing.
 *
 * @param name of the database. Default: `broadcast-outbox`.
 */
export function indexedDbStorage(name = 'broadcast-outbox'): OutboxStorage & KeptOutbox {
  let database: Promise<IDBDatabase> | null = null
  const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    database ??= open(name)
    try {
      return (await database).transaction(STORE, mode).objectStore(STORE)
    } catch (error) {
      // The next one opens it again
      database = null
      throw error
    }
  }
  const storage: OutboxStorage = {
    async load(identity) {
      const range = IDBKeyRange.bound([identity], [identity, []])
      const rows = (await result((await store('readonly')).getAll(range))) as readonly { message: StoredOutgoing }[]
      return rows.map(({ message }) => message)
    },
    async put(identity, message) {
      await result((await store('readwrite')).put({ identity, messageId: message.messageId, message }))
    },
    async delete(identity, messageId) {
      await result((await store('readwrite')).delete([identity, messageId]))
    },
  }
  return { ...storage, ...customStorage(storage) }
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: ['identity', 'messageId'] })
  }
  return result(request)
}

function result<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('IndexedDB failed'))
    }
  })
}
