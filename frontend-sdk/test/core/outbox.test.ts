import { describe, expect, it } from 'vitest'
import { codeOf, Log, World } from './harness.js'

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
})
