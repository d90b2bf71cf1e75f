import { describe, expect, it } from 'vitest'
import { Log, World } from './harness.js'

describe('subscribing', () => {
  it('delivers what is published from now on, in order', async () => {
    const world = new World()
    world.server.push('news', 'before')
    const log = new Log()
    const subscription = world.client().subscribe('news', log)
    expect(subscription.state.status).toBe('pending')
    await world.settle()
    expect(subscription.state).toMatchObject({ status: 'active', position: { offset: 1 } })
    world.server.push('news', 1)
    world.server.push('news', 2)
    await world.settle()
    expect(log.lines).toEqual(['1', '2'])
    expect(log.messages[0]).toMatchObject({
      channel: 'news',
      data: 1,
      offset: 2,
      epoch: world.server.top('news').epoch,
    })
  })

  it('shares one subscription and one connection among all that ask in one turn, also when some leave at once', async () => {
    const world = new World()
    const client = world.client()
    const logs = [new Log(), new Log()]
    client.subscribe('news').unsubscribe()
    for (const log of logs) {
      client.subscribe('news', log)
    }
    await world.settle()
    world.server.push('news', 1)
    await world.settle()
    expect(logs.map(({ lines }) => lines)).toEqual([['1'], ['1']])
    expect(world.sent('subscribe')).toHaveLength(1)
    expect(world.server.opened).toBe(1)
  })

  it('comes back after a loss in one round trip and misses nothing', async () => {
    const world = new World()
    const client = world.client()
    const logs = { a: new Log(), b: new Log() }
    client.subscribe('a', logs.a)
    client.subscribe('b', logs.b)
    await world.settle()
    world.server.push('a', 1)
    world.server.push('b', 1)
    await world.settle()
    world.server.drop()
    await world.settle()
    world.server.push('a', 2)
    world.server.push('b', 2)
    await world.clock.advance(1_000)
    world.server.push('a', 3)
    await world.settle()
    expect(logs.a.lines).toEqual(['1', '2', '3'])
    expect(logs.b.lines).toEqual(['1', '2'])
    expect(world.sent('resume')).toHaveLength(1)
    expect(world.sent('subscribe')).toHaveLength(2)
    expect(client.stats).toMatchObject({ received: 5, delivered: 5, duplicates: 0, gaps: 0, connections: 2 })
  })
})
