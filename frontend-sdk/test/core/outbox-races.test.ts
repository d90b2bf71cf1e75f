import { describe, expect, it } from 'vitest'
import { customStorage, standardSchemas } from '../../src/index.js'
import type { StoredOutgoing } from '../../src/index.js'
import { codeOf, World } from './harness.js'
import { MemoryStorage } from './memory-storage.js'

const statuses = (client: { outbox: { messages: readonly { status: string }[] } }): string[] =>
  client.outbox.messages.map(({ status }) => status)

const isAck = (frame: string): boolean => frame.startsWith('{"type":"ack"')

describe('a message that was sent', () => {
  it.each([false, true])('and has expired is confirmed by its ack all the same (retried: %s)', async (isRetried) => {
    const world = new World()
    const client = world.client()
    client.connect()
    await world.settle()
    let late: string[] = []
    world.server.tamper((frame) => {
      late = [...late, frame]
      return []
    })
    const promise = codeOf(client.broadcast('news', 1, { messageId: 'm', ttlMs: 1_000 }))
    await world.clock.advance(1_000)
    expect(await promise).toBe('expired')
    expect(statuses(client)).toEqual(['failed'])
    if (isRetried) {
      client.outbox.retry('m')
    }
    world.server.tamper((frame) => [...late, frame])
    world.server.push('elsewhere', 1)
    void client.presence('elsewhere')
    await world.settle()
    expect(client.outbox.messages).toEqual([])
    expect(world.sent('broadcast')).toHaveLength(1)
  })

  it('is not shown for ever when the schema refuses it', async () => {
    const world = new World()
    const schema = {
      '~standard': { version: 1 as const, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
    }
    const client = world.client({ schemas: standardSchemas({ news: schema }) })
    client.subscribe('news')
    await world.settle()
    // The ack comes first
    let message: string[] = []
    world.server.tamper((frame) => {
      if (isAck(frame)) {
        return [frame, ...message]
      }
      message = [frame]
      return []
    })
    void client.broadcast('news', 1)
    await world.settle()
    expect(world.errors.map(({ code }) => code)).toEqual(['schema-mismatch'])
    expect(client.outbox.messages).toEqual([])
  })

  it('is not shown by a client that is closed when it is confirmed', async () => {
    const world = new World()
    const client = world.client()
    client.subscribe('news')
    await world.settle()
    world.server.tamper((frame) => (isAck(frame) ? [frame] : []))
    void client.broadcast('news', 1)
    await world.settle()
    expect(statuses(client)).toEqual(['confirmed'])
    client.close()
    expect(client.outbox.messages).toEqual([])
  })
})

describe('a message that waits', () => {
  it('expires also when the timer comes early, by a clock that was set back or because it is long', async () => {
    const world = new World()
    let back = 0
    const clock = {
      now: () => world.clock.now() - back,
      setTimer: (callback: () => void, ms: number) => world.clock.setTimer(callback, ms),
      clearTimer: (timer: number) => world.clock.clearTimer(timer),
    }
    world.server.offline(true)
    const client = world.client({ clock })
    const promise = codeOf(client.broadcast('news', 1, { ttlMs: 1_000 }))
    await world.settle()
    back = 5
    await world.clock.advance(1_000)
    expect(statuses(client)).toEqual(['queued'])
    await world.clock.advance(5)
    expect(await promise).toBe('expired')
  })

  it('leaves those that failed alone when it finds no room', async () => {
    const world = new World()
    world.server.offline(true)
    const client = world.client({ outbox: { maxBytes: 10 } })
    void client.broadcast('news', 1, { ttlMs: 1 })
    await world.clock.advance(1)
    expect(await codeOf(client.broadcast('news', 'x'.repeat(20)))).toBe('outbox-full')
    expect(statuses(client)).toEqual(['failed'])
  })
})

describe('a storage', () => {
  const never = (): Promise<never> => new Promise(() => undefined)

  it('that hangs holds nothing up for long, and is told of', async () => {
    const world = new World()
    const client = world.client({ outboxStorage: customStorage({ load: never, put: never, delete: never }) })
    const promise = client.broadcast('news', 1)
    await world.clock.advance(10_000)
    await expect(promise).resolves.toMatchObject({ position: { offset: 1 } })
    expect(world.errors[0]).toMatchObject({ code: 'storage-failed' })
    client.close()
    await world.settle()
    expect(world.clock.pending).toBe(0)
  })

  it('does not make a reload send again what was refused', async () => {
    const world = new World()
    const outboxStorage = new MemoryStorage()
    world.server.refuseBroadcasts('news', 'internal-error')
    const before = world.client({ outboxStorage: customStorage(outboxStorage) })
    void before.broadcast('news', 1, { messageId: 'm' })
    await world.settle()
    expect(statuses(before)).toEqual(['failed'])
    before.close()
    world.server.refuseBroadcasts('news', null)
    const after = world.client({ outboxStorage: customStorage(outboxStorage) })
    await world.settle()
    expect(statuses(after)).toEqual(['failed'])
    expect(world.server.published('news')).toEqual([])
    after.outbox.retry('m')
    await world.settle()
    expect(world.server.published('news')).toHaveLength(1)
    expect(outboxStorage.size).toBe(0)
  })

  it.each([[null], [[{ messageId: 'm', channel: 'news', data: 1n }]], [[null]]])(
    'that holds %s is told of, and holds nothing up',
    async (rows) => {
      const world = new World()
      const storage = new MemoryStorage()
      storage.load = () => Promise.resolve(rows as unknown as StoredOutgoing[])
      const client = world.client({ outboxStorage: customStorage(storage) })
      const promise = client.broadcast('news', 1)
      await world.settle()
      await expect(promise).resolves.toMatchObject({ position: { offset: 1 } })
      expect(world.errors.map(({ code }) => code)).toEqual(['storage-failed'])
    },
  )
})
