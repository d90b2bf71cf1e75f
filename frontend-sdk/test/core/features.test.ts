import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/index.js'
import type { ClientOptions, Schemas, SubscribeOptions } from '../../src/index.js'
import { World } from './harness.js'

describe('schemas', () => {
  it('that were not made ready are refused, and it says how to', () => {
    const schemas = { news: {} } as unknown as Schemas
    expect(() => new World().client({ schemas })).toThrow(/import { standardSchemas }/)
  })
})

describe('an option that is an import of its own', () => {
  const plain = async (): Promise<null> => Promise.resolve(null)

  it.each(['auth', 'outboxStorage'])(
    '%s as it was written for hooks is refused by type, and it says how to',
    (name) => {
      // @ts-expect-error -- made by tokens
      const auth: ClientOptions = { url: '/', auth: plain }
      // @ts-expect-error -- made by customStorage
      const stored: ClientOptions = { url: '/', outboxStorage: { load: plain, put: plain, delete: plain } }
      const options = name === 'auth' ? auth : stored
      expect(() => createClient(options)).toThrow(name === 'auth' ? /import { tokens }/ : /import { customStorage }/)
    },
  )

  it('snapshot of a subscriber, too', () => {
    const client = new World().client()
    // @ts-expect-error -- made by snapshotOf
    const options: SubscribeOptions = { snapshot: plain }
    expect(() => client.subscribe('news', options)).toThrow(/import { snapshotOf }/)
  })
})
