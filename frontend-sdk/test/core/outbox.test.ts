import { describe, expect, it } from 'vitest'
import { codeOf, Log, World } from './harness.js'
import { customStorage } from '../../src/index.js'
import { MemoryStorage } from './memory-storage.js'

const statuses = (world: { outbox: { messages: readonly { status: string }[] } }): string[] =>
  world.outbox.messages.map(({ status }) => status)

describe('the outbox', () => {
  it('confirms a broadcast with its position', async () => {
    const world = new World()
    const client = world.client()
    const promise = client.broadcast('news', { n: 1 }, { messageId: 'm1' })
    expect(client.outbox.messages).toMatchObject([{ messageId: 'm1', status: 'queued', attempts: 0 }])
    await world.settle()
    await expect(promise).resolves.toMatchObject({
      messageId: 'm1',
      channel: 'news',
      position: world.server.top('news'),
      durability: 'memory',
      duplicate: false,
    })
    expect(client.outbox.messages).toEqual([])
    expect(world.server.published('news')).toMatchObject([{ data: { n: 1 }, messageId: 'm1' }])
  })

  it('sends what was given before there was a connection, in order and with ids of its own', async () => {
    const world = new World()
    world.server.offline(true)
    const client = world.client()
    for (let n = 0; n < 50; n++) {
      void client.broadcast('news', n)
    }
    await world.clock.advance(1_000)
    expect(new Set(client.outbox.messages.map(({ messageId }) => messageId)).size).toBe(50)
    world.server.offline(false)
    await world.clock.advance(20_000)
    expect(world.server.published('news').map(({ data }) => data)).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(client.stats).toMatchObject({ confirmed: 50, failed: 0 })
  })

  it('sends again under the same id when the ack is lost, and is confirmed as a duplicate', async () => {
    const world = new World()
    const client = world.client({ answerTimeoutMs: 1_000 })
    world.server.loseAcks(1)
    const promise = client.broadcast('news', 1)
    await world.clock.advance(1_000)
    await expect(promise).resolves.toMatchObject({ duplicate: true, position: { offset: 1 } })
    const ids = world.sent('broadcast').map(({ messageId }) => messageId)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(world.server.opened).toBe(1)
  })

  it('sends again on the next connection what was not answered on this one', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    await world.settle()
    world.server.loseAcks(2)
    const promises = [client.broadcast('news', 1), client.broadcast('news', 2)]
    await world.settle()
    expect(statuses(client)).toEqual(['sent', 'sent'])
    world.server.drop()
    await world.settle()
    expect(statuses(client)).toEqual(['queued', 'queued'])
    await world.clock.advance(1_000)
    await expect(Promise.all(promises)).resolves.toMatchObject([{ duplicate: true }, { duplicate: true }])
    expect(world.server.published('news').map(({ data }) => data)).toEqual([1, 2])
  })

  it('publishes an id once, however often it is given', async () => {
    const world = new World()
    const client = world.client()
    const first = client.broadcast('news', 1, { messageId: 'm' })
    const second = client.broadcast('news', 1, { messageId: 'm' })
    expect(await codeOf(client.broadcast('other', 1, { messageId: 'm' }))).toBe('invalid-request')
    await world.settle()
    expect(await first).toEqual(await second)
    expect(world.sent('broadcast')).toHaveLength(1)
  })

  it('waits as long as the server says, and keeps the order', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    await world.settle()
    world.server.refuseBroadcasts('news', 'rate-limited', 500)
    const promises = [1, 2, 3].map((n) => client.broadcast('news', n))
    await world.settle()
    expect(statuses(client)).toEqual(['queued', 'queued', 'queued'])
    world.server.refuseBroadcasts('news', null)
    await world.clock.advance(499)
    expect(world.server.published('news')).toEqual([])
    await world.clock.advance(1)
    await Promise.all(promises)
    expect(world.server.published('news').map(({ data }) => data)).toEqual([1, 2, 3])
  })

  it('has at most so many unanswered on the wire', async () => {
    const world = new World()
    const client = world.client({ outbox: { window: 2 } })
    client.connect()
    await world.settle()
    world.server.loseAcks(2)
    for (let n = 0; n < 5; n++) {
      void client.broadcast('news', n)
    }
    await world.settle()
    expect(statuses(client)).toEqual(['sent', 'sent', 'queued', 'queued', 'queued'])
  })

  it('shows what the server refuses as failed, sends it again when asked to, and forgets it when told', async () => {
    const world = new World()
    const client = world.client()
    world.server.refuseBroadcasts('news', 'internal-error')
    expect(await codeOf(Promise.all([world.settle(), client.broadcast('news', 1, { messageId: 'm1' })]))).toBe(
      'internal-error',
    )
    void client.broadcast('news', 2, { messageId: 'm2' })
    await world.settle()
    expect(client.outbox.messages).toMatchObject([
      { status: 'failed', error: { code: 'internal-error', channel: 'news' } },
      {},
    ])
    world.server.refuseBroadcasts('news', null)
    expect(client.outbox.retry('m1')).toBe(true)
    expect(client.outbox.retry('m1')).toBe(false)
    expect(client.outbox.cancel('m2')).toBe(true)
    expect(client.outbox.cancel('m2')).toBe(false)
    await world.settle()
    expect(client.outbox.messages).toEqual([])
    expect(world.server.published('news')).toMatchObject([{ messageId: 'm1' }])
  })

  it('gives up what has waited too long, and what is cancelled', async () => {
    const world = new World()
    world.server.offline(true)
    const client = world.client()
    const expiring = client.broadcast('news', 1, { ttlMs: 3_000 })
    const cancelled = client.broadcast('news', 2, { messageId: 'm2' })
    client.outbox.cancel('m2')
    expect(await codeOf(cancelled)).toBe('cancelled')
    await world.clock.advance(3_000)
    expect(await codeOf(expiring)).toBe('expired')
    expect(statuses(client)).toEqual(['failed'])
    world.server.offline(false)
    await world.clock.advance(30_000)
    expect(world.server.published('news')).toEqual([])
  })

  it('is bounded in number and bytes, and forgets failed ones first', async () => {
    const world = new World()
    world.server.offline(true)
    const few = world.client({ outbox: { maxMessages: 2 } })
    void few.broadcast('news', 1, { ttlMs: 100 })
    void few.broadcast('news', 2)
    expect(await codeOf(few.broadcast('news', 3))).toBe('outbox-full')
    await world.clock.advance(100)
    void few.broadcast('news', 4)
    expect(few.outbox.messages.map(({ data }) => data)).toEqual([2, 4])
    const small = world.client({ outbox: { maxBytes: 10 } })
    void small.broadcast('news', '12345')
    expect(await codeOf(small.broadcast('news', 'ä'))).toBe('outbox-full')
  })

  it('refuses what is no JSON or larger than the server takes', async () => {
    const world = new World({ maxMessageBytes: 200 })
    const client = world.client()
    const circle: { self?: unknown } = {}
    circle.self = circle
    for (const data of [circle, undefined, () => 1, 1n]) {
      expect(await codeOf(client.broadcast('news', data))).toBe('not-serializable')
    }
    const large = client.broadcast('news', 'x'.repeat(200))
    const next = client.broadcast('news', 'y')
    await world.settle()
    expect(await codeOf(large)).toBe('message-too-large')
    await expect(large).rejects.toThrow(/: 200 are allowed$/)
    await expect(next).resolves.toMatchObject({ position: { offset: 1 } })
  })

  it('keeps its own messages away from itself when they are not to be echoed, also after a reconnect', async () => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    void client.broadcast('news', 'own', { echo: false })
    await world.settle()
    world.server.push('news', 1)
    world.server.loseAcks(1)
    void client.broadcast('news', 'lost', { echo: false })
    await world.settle()
    world.server.push('news', 2)
    world.server.drop()
    await world.clock.advance(1_000)
    expect(log.lines).toEqual(['1', '2'])
    expect(client.stats).toMatchObject({ confirmed: 2, gaps: 0 })
    expect(world.sent('history')).toEqual([])
  })

  it('shows a message until it has come to a subscriber, so that it never leaves a list of both', async () => {
    const world = new World()
    const storage = new MemoryStorage()
    const client = world.client({ outboxStorage: customStorage(storage) })
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    world.server.tamper((frame) => (frame.startsWith('{"type":"message"') ? [] : [frame]))
    const { position } = (await Promise.all([client.broadcast('news', 1), world.settle()]))[0]
    void client.broadcast('elsewhere', 1)
    void client.broadcast('news', 2, { echo: false })
    await world.settle()
    expect(client.outbox.messages).toMatchObject([{ channel: 'news', data: 1, status: 'confirmed', position }])
    expect(storage.size).toBe(0)
    world.server.tamper(null)
    world.server.push('news', 3)
    await world.settle()
    expect(log.lines).toEqual(['1', '3'])
    expect(client.outbox.messages).toEqual([])
  })

  it('shows no message for ever that will not come', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    const subscription = client.subscribe('news')
    client.subscribe('chat')
    await world.settle()
    world.server.tamper((frame) => (frame.startsWith('{"type":"message"') ? [] : [frame]))
    void client.broadcast('news', 1)
    void client.broadcast('chat', 1)
    await world.settle()
    expect(statuses(client)).toEqual(['confirmed', 'confirmed'])
    subscription.unsubscribe()
    world.server.newEpoch('chat')
    await world.clock.advance(1_000)
    expect(statuses(client)).toEqual([])
  })

  it('tells of changes once a turn, and shows the same array until one', async () => {
    const world = new World()
    const client = world.client()
    const { messages } = client.outbox
    expect(client.outbox.messages).toBe(messages)
    let calls = 0
    const stop = client.outbox.onChange(() => calls++)
    for (let n = 0; n < 10; n++) {
      void client.broadcast('news', n)
    }
    expect(client.outbox.messages).not.toBe(messages)
    await Promise.resolve()
    await Promise.resolve()
    expect(calls).toBe(1)
    stop()
  })
})

describe('the outbox with a storage', () => {
  it('sends after a reload what was waiting before it, once and in order', async () => {
    const world = new World()
    const storage = new MemoryStorage()
    world.server.offline(true)
    const before = world.client({ outboxStorage: customStorage(storage), identity: 'ann' })
    for (let n = 0; n < 50; n++) {
      void before.broadcast('news', n)
    }
    await world.clock.advance(10)
    before.close()
    world.server.offline(false)
    const after = world.client({ outboxStorage: customStorage(storage), identity: 'ann' })
    void after.broadcast('news', 50)
    await world.settle()
    expect(world.server.published('news').map(({ data }) => data)).toEqual(Array.from({ length: 51 }, (_, n) => n))
    expect(storage.size).toBe(0)
  })

  it('does not echo after a reload what was not to be echoed', async () => {
    const world = new World()
    const storage = new MemoryStorage()
    world.server.offline(true)
    const before = world.client({ outboxStorage: customStorage(storage) })
    void before.broadcast('news', 'own', { echo: false })
    void before.broadcast('news', 'echoed')
    await world.settle()
    before.close()
    world.server.offline(false)
    const after = world.client({ outboxStorage: customStorage(storage) })
    const log = new Log()
    after.subscribe('news', log)
    await world.settle()
    expect(world.sent('broadcast').map(({ echo }) => echo)).toEqual([false, undefined])
    expect(log.lines).toEqual(['"echoed"'])
  })

  it('never sends as another identity', async () => {
    const world = new World()
    const storage = new MemoryStorage()
    world.server.offline(true)
    void world.client({ outboxStorage: customStorage(storage), identity: 'ann' }).broadcast('news', 1)
    await world.settle()
    world.server.offline(false)
    const bob = world.client({ outboxStorage: customStorage(storage), identity: 'bob' })
    bob.connect()
    await world.settle()
    expect(bob.outbox.messages).toEqual([])
    expect(world.server.published('news')).toEqual([])
  })

  it('shows as failed what expired meanwhile, to be retried', async () => {
    const world = new World()
    const storage = new MemoryStorage()
    world.server.offline(true)
    const before = world.client({ outboxStorage: customStorage(storage), outbox: { ttlMs: 1_000 } })
    void before.broadcast('news', 1, { messageId: 'm' })
    await world.settle()
    before.close()
    await world.clock.advance(2_000)
    world.server.offline(false)
    const after = world.client({ outboxStorage: customStorage(storage) })
    await world.settle()
    expect(after.outbox.messages).toMatchObject([{ status: 'failed', error: { code: 'expired' } }])
    after.outbox.retry('m')
    await world.settle()
    expect(world.server.published('news')).toHaveLength(1)
    expect(storage.size).toBe(0)
  })

  it('goes on without a storage that fails, and says so', async () => {
    const world = new World()
    const broken = (): Promise<never> => Promise.reject(new Error('quota'))
    const client = world.client({ outboxStorage: customStorage({ load: broken, put: broken, delete: broken }) })
    const promise = client.broadcast('news', 1)
    await world.settle()
    await expect(promise).resolves.toMatchObject({ position: { offset: 1 } })
    expect(world.errors.map(({ code }) => code)).toEqual(['storage-failed', 'storage-failed', 'storage-failed'])
  })
})
