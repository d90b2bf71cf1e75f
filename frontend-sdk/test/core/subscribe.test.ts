import { describe, expect, it } from 'vitest'
import { presence, standardSchemas } from '../../src/index.js'
import type { SubscribeOptions } from '../../src/index.js'
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

  it('comes back with more than fits into one command by a few, each of which the server takes', async () => {
    const maxMessageBytes = 1_000
    const world = new World({ maxMessageBytes })
    const client = world.client()
    const logs = ['a', 'b', 'c', 'd', 'e'].map((letter) => [letter.repeat(200), new Log()] as const)
    for (const [name, log] of logs) {
      client.subscribe(name, log)
    }
    await world.settle()
    world.server.drop()
    await world.settle()
    for (const [name] of logs) {
      world.server.push(name, 1)
    }
    await world.clock.advance(1_000)
    expect(logs.map(([, { lines }]) => lines)).toEqual(logs.map(() => ['1']))
    const resumes = world.sent('resume')
    expect(resumes).toHaveLength(3)
    expect(Math.max(...resumes.map((command) => JSON.stringify(command).length))).toBeLessThanOrEqual(maxMessageBytes)
    expect(world.sent('subscribe')).toHaveLength(logs.length)
  })
})

describe('beginning earlier', () => {
  it('begins with the newest ones, or after a position', async () => {
    const world = new World()
    const positions = [1, 2, 3, 4].map((n) => world.server.push('news', n))
    const client = world.client()
    const last = new Log()
    client.subscribe('news', { ...handlers(last), last: 2 })
    await world.settle()
    expect(last.lines).toEqual(['3', '4'])
    const since = new Log()
    const late = new Log()
    client.subscribe('news', { ...handlers(since), since: positions[0] ?? { epoch: '', offset: 0 } })
    client.subscribe('news', { ...handlers(late), last: 1 })
    world.server.push('news', 5)
    await world.settle()
    world.server.push('news', 6)
    await world.settle()
    expect(last.lines).toEqual(['3', '4', '5', '6'])
    expect(since.lines).toEqual(['2', '3', '4', '5', '6'])
    expect(late.lines).toEqual(['5', '6'])
    expect(world.sent('subscribe')).toHaveLength(1)
  })

  it('reports what is gone, to each that asked for it', async () => {
    const world = new World({ historySize: 2 })
    const position = world.server.push('news', 1)
    for (const n of [2, 3, 4]) {
      world.server.push('news', n)
    }
    const client = world.client()
    const first = new Log()
    client.subscribe('news', { ...handlers(first), since: position })
    await world.settle()
    const late = new Log()
    client.subscribe('news', { ...handlers(late), since: position })
    await world.settle()
    expect(first.lines).toEqual(['gap 2-2 trimmed', '3', '4'])
    expect(late.lines).toEqual(['gap 2-2 trimmed', '3', '4'])
  })
})

describe('a subscription', () => {
  it('reports a gap after an outage longer than the history, and a new epoch, once each', async () => {
    const world = new World({ historySize: 2 })
    const client = world.client()
    const log = new Log()
    client.subscribe('news', log)
    await world.settle()
    world.server.drop()
    for (const n of [1, 2, 3, 4]) {
      world.server.push('news', n)
    }
    await world.clock.advance(1_000)
    world.server.newEpoch('news')
    world.server.push('news', 5)
    await world.settle()
    expect(log.lines).toEqual(['gap 1-2 trimmed', '3', '4', 'gap 5-4 epoch', '5'])
    expect(client.stats.gaps).toBe(2)
  })

  it('that is refused fails alone, and is asked for again by the next subscriber', async () => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    world.server.refuse('secret', 'unauthorized')
    const secret = client.subscribe('secret')
    client.subscribe('news', log)
    await world.settle()
    expect(secret.state).toMatchObject({ status: 'failed', error: { code: 'unauthorized', channel: 'secret' } })
    world.server.push('news', 1)
    world.server.refuse('secret', null)
    const again = client.subscribe('secret')
    await world.settle()
    expect(log.lines).toEqual(['1'])
    expect([secret.state.status, again.state.status]).toEqual(['active', 'active'])
  })

  it('that cannot be had now is tried again when the server says', async () => {
    const world = new World()
    const subscription = world.client().subscribe('news')
    world.server.refuse('news', 'unavailable', 700)
    await world.settle()
    expect(subscription.state.status).toBe('pending')
    world.server.refuse('news', null)
    await world.clock.advance(700)
    expect(subscription.state.status).toBe('active')
  })

  it('lingers, so that coming back costs nothing, and is left after that', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    client.subscribe('news').unsubscribe()
    const log = new Log()
    await world.clock.advance(200)
    const subscription = client.subscribe('news', log)
    await world.settle()
    subscription.unsubscribe()
    await world.clock.advance(249)
    expect(world.sent('unsubscribe')).toEqual([])
    await world.clock.advance(1)
    expect(world.sent('unsubscribe')).toHaveLength(1)
    expect(world.server.connections[0]?.subscriptions).toEqual(['*'])
  })

  it('goes on for others when a handler throws, and says so', async () => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    client.subscribe('news', {
      onMessage: () => {
        throw new Error('no')
      },
    })
    client.subscribe('news', log)
    await world.settle()
    world.server.push('news', 1)
    world.server.push('news', 2)
    await world.settle()
    expect(log.lines).toEqual(['1', '2'])
    expect(world.errors.map(({ code, channel }) => [code, channel])).toEqual([
      ['handler-threw', 'news'],
      ['handler-threw', 'news'],
    ])
  })

  it('delivers what matches the schema, in order, also when checking takes time', async () => {
    const world = new World()
    const log = new Log()
    const validate = (value: unknown): { value: unknown } | { issues: { message: string }[] } =>
      typeof value === 'number' ? { value: value * 10 } : { issues: [{ message: 'no number' }] }
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: (value: unknown) => (value === 1 ? Promise.resolve(validate(value)) : validate(value)),
      },
    }
    world.client({ schemas: standardSchemas({ news: schema }) }).subscribe('news', log)
    await world.settle()
    for (const data of [1, 'x', 2, 3]) {
      world.server.push('news', data)
    }
    await world.settle()
    expect(log.lines).toEqual(['10', '20', '30'])
    expect(world.errors.map(({ code }) => code)).toEqual(['schema-mismatch'])
  })
})

describe('presence', () => {
  it('takes no part in a subscription that does not bring it, and says how to', async () => {
    const world = new World()
    const client = world.client()
    const onPresence = (): undefined => undefined
    const old = { presence: true, onPresence } as unknown as SubscribeOptions
    for (const options of [{ info: 'Ann' }, { onPresence }, old]) {
      expect(() => client.subscribe('room', options)).toThrow(/import { presence }/)
    }
    client.subscribe('news').unsubscribe()
    await world.clock.advance(2_000)
    expect(client.state.status).toBe('idle')
    expect(world.sent('subscribe')).toEqual([])
  })

  it('shows who is there, follows it, and shows this client to others', async () => {
    const world = new World()
    world.server.join('room', 'bob', { name: 'Bob' })
    const client = world.client()
    const seen: string[][] = []
    const subscription = client.subscribe('room', {
      presence,
      info: { name: 'Ann' },
      onPresence: ({ members, count }) => {
        expect(count).toBe(members.length)
        seen.push(members.map(({ info }) => info.name))
      },
    })
    await world.settle()
    world.server.join('room', 'cid', { name: 'Cid' })
    world.server.leave('room', 'bob')
    await world.settle()
    expect(seen.at(-1)?.sort()).toEqual(['Ann', 'Cid'])
    subscription.setInfo({ name: 'Anna' })
    await world.settle()
    expect(seen.at(-1)?.sort()).toEqual(['Anna', 'Cid'])
    subscription.setInfo(undefined)
    await world.settle()
    expect(seen.at(-1)).toEqual(['Cid'])
    world.server.newEpoch('room')
    await world.settle()
    expect(world.errors).toEqual([])
  })

  it('is asked for again when joins were lost while a change of this client was on its way', async () => {
    const world = new World()
    const client = world.client()
    let names: unknown[] = []
    const subscription = client.subscribe('room', {
      presence,
      info: 'Ann',
      onPresence: ({ members }) => (names = members.map(({ info }) => info)),
    })
    await world.settle()
    world.server.tamper((frame) => (frame.includes('"join"') && frame.includes('Bob') ? [] : [frame]))
    world.server.join('room', 'bob', 'Bob')
    await world.settle()
    world.server.tamper((frame) =>
      frame.startsWith('{"type":"ack"') ? ['{"type":"gap","channel":"room","data":{"presence":true}}', frame] : [frame],
    )
    subscription.setInfo('Anna')
    await Promise.resolve()
    await Promise.resolve()
    await world.settle()
    expect(names.sort()).toEqual(['Anna', 'Bob'])
  })

  it('reads on when there are more than one page', async () => {
    const world = new World()
    for (let n = 0; n < 250; n++) {
      world.server.join('room', `c${n}`, n)
    }
    const counts: number[] = []
    const client = world.client()
    client.subscribe('room', { presence, onPresence: ({ members }) => counts.push(members.length) })
    await world.settle()
    expect(counts.at(-1)).toBe(250)
    expect(await Promise.all([client.presence('room', { limit: 0 }), world.settle()])).toMatchObject([
      { count: 250 },
      undefined,
    ])
  })
})

function handlers({ onMessage, onGap }: Log): Pick<Log, 'onMessage' | 'onGap'> {
  return { onMessage, onGap }
}
