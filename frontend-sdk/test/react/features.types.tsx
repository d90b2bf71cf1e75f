// Looked at by the compiler only: each `@ts-expect-error` must be one, and everything else must not.
import type { ReactNode } from 'react'
import {
  createClient,
  customStorage,
  indexedDbStorage,
  presence,
  snapshotOf,
  standardSchemas,
  tokens,
} from '../../src/index.js'
import type { Client, OutboxStorage } from '../../src/index.js'
import { BroadcastSocketProvider, useBroadcastSocket, useMessages } from '../../src/react/index.js'

const callback = (): string => 'token'
const load = (): Promise<void> => Promise.resolve()
const url = '/'

export function ofAClient(storage: OutboxStorage, client: Client): void {
  const schemas = standardSchemas({})
  createClient({ url, auth: tokens(callback), outboxStorage: customStorage(storage), schemas })
  createClient({ url, outboxStorage: indexedDbStorage() })
  createClient({ url, outboxStorage: customStorage(indexedDbStorage()) })
  // @ts-expect-error made by tokens
  createClient({ url, auth: callback })
  // @ts-expect-error made by tokens
  createClient({ url, auth: customStorage(storage) })
  // @ts-expect-error made by customStorage
  createClient({ url, outboxStorage: storage })
  // @ts-expect-error made by customStorage
  createClient({ url, outboxStorage: tokens(callback) })
  // @ts-expect-error made by standardSchemas
  createClient({ url, schemas: {} })

  client.subscribe('news', { presence, info: 'Ann', snapshot: snapshotOf(load) })
  // @ts-expect-error made by snapshotOf
  client.subscribe('news', { snapshot: load })
  // @ts-expect-error the value of this name
  client.subscribe('news', { presence: true, info: 'Ann' })
  // @ts-expect-error the value of this name
  client.subscribe('news', { presence: snapshotOf(load), info: 'Ann' })
}

export function OfHooks({ storage }: { storage: OutboxStorage }): ReactNode {
  useBroadcastSocket(url, { auth: callback, outboxStorage: customStorage(storage) })
  // @ts-expect-error the callback itself
  useBroadcastSocket(url, { auth: tokens(callback) })
  useMessages('news', () => undefined, { snapshot: load })
  // @ts-expect-error the loader itself
  useMessages('news', () => undefined, { snapshot: snapshotOf(load) })
  return (
    <>
      <BroadcastSocketProvider url={url} auth={callback} outboxStorage={indexedDbStorage()} />
      {/* @ts-expect-error the callback itself */}
      <BroadcastSocketProvider url={url} auth={tokens(callback)} />
      {/* @ts-expect-error made by customStorage */}
      <BroadcastSocketProvider url={url} outboxStorage={storage} />
    </>
  )
}
