import { describe, expect, it } from 'vitest'
import { snapshotOf, standardSchemas, tokens } from '../../src/index.js'
import type { Subscription } from '../../src/index.js'
import { codeOf, Log, World } from './harness.js'

/** Turns the ack of a command into a refusal. */
function refusing(type: string, world: World, error: object): (frame: string) => string[] {
  return (frame) => {
    const { messageId } = JSON.parse(frame) as { messageId?: string }
    const isIt = world.server.commands.some((command) => command.type === type && command.messageId === messageId)
    return [isIt ? JSON.stringify({ type: 'error', messageId, data: error }) : frame]
  }
}

describe('leaving a channel', () => {
  it('that was refused is not repeated when somebody wants the channel again', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    const subscription = client.subscribe('news')
    await world.settle()
    world.server.tamper(refusing('unsubscribe', world, { code: 'rate-limited', message: '', retryAfterMs: 500 }))
    subscription.unsubscribe()
    await world.clock.advance(250)
    world.server.tamper(null)
    const log = new Log()
    client.subscribe('news', log)
    await world.clock.advance(2_000)
    world.server.push('news', 1)
    await world.settle()
    expect(world.sent('unsubscribe')).toHaveLength(1)
    expect(log.lines).toEqual(['1'])
  })

  it('that was refused is repeated otherwise, and ends with the client', async () => {
    const world = new World()
    const client = world.client()
    client.connect()
    const subscription = client.subscribe('news')
    await world.settle()
    world.server.tamper(refusing('unsubscribe', world, { code: 'rate-limited', message: '', retryAfterMs: 500 }))
    subscription.unsubscribe()
    await world.clock.advance(250)
    await world.clock.advance(500)
    expect(world.sent('unsubscribe')).toHaveLength(2)
    client.close()
    await world.settle()
    expect(world.clock.pending).toBe(0)
    await world.clock.advance(60_000)
    expect(world.clock.pending).toBe(0)
  })
})

describe('a handler', () => {
  it.each(['pending', 'waiting'])('that closes the client while it is %s ends it for good', async (status) => {
    const world = new World()
    const client = world.client()
    const onStateChange = (state: { status: string }): void => {
      if (state.status === status && wasOpen) {
        client.close()
      }
    }
    let wasOpen = false
    client.onStateChange(onStateChange)
    client.subscribe('news', { onStateChange })
    await world.settle()
    wasOpen = true
    world.server.drop()
    await world.clock.advance(60_000)
    expect(client.state.status).toBe('closed')
    expect(world.server.connections).toEqual([])
    expect(world.clock.pending).toBe(0)
  })

  it('that closes the client when it is asked for a token ends it for good', async () => {
    const world = new World({ auth: () => ({}) })
    const client = world.client({
      auth: tokens(() => {
        client.close()
        return 'token'
      }),
    })
    client.connect()
    await world.clock.advance(60_000)
    expect(client.state.status).toBe('closed')
    expect(world.server.connections).toEqual([])
    expect(world.clock.pending).toBe(0)
  })

  it('that ends another subscription as the channel begins leaves it ended', async () => {
    const world = new World()
    const position = world.server.push('news', 1)
    const client = world.client()
    const other: { subscription?: Subscription } = {}
    client.subscribe('news', { onStateChange: () => other.subscription?.unsubscribe() })
    const log = new Log()
    const states: string[] = []
    other.subscription = client.subscribe('news', {
      onMessage: log.onMessage,
      since: position,
      onStateChange: ({ status }) => states.push(status),
    })
    await world.settle()
    world.server.push('news', 2)
    await world.settle()
    expect(other.subscription.state.status).toBe('ended')
    expect(states).toEqual(['ended'])
    expect(log.lines).toEqual([])
  })

  it('that ends another subscription as the channel is refused leaves it ended', async () => {
    const world = new World()
    world.server.refuse('news', 'unauthorized')
    const client = world.client()
    const other: { subscription?: Subscription } = {}
    client.subscribe('news', { onStateChange: () => other.subscription?.unsubscribe() })
    other.subscription = client.subscribe('news')
    await world.settle()
    expect(other.subscription.state.status).toBe('ended')
  })
})

describe('listeners', () => {
  it('are told of changes in their order, also when one of them makes the next change', async () => {
    const world = new World()
    const client = world.client()
    client.onStateChange(({ status }) => {
      if (status === 'idle') {
        client.connect()
      }
    })
    const seen: string[] = []
    client.onStateChange(({ status }) => seen.push(status))
    const subscription = client.subscribe('news')
    await world.settle()
    subscription.unsubscribe()
    await world.clock.advance(1_250)
    expect(seen).toEqual(['connecting', 'open', 'idle', 'connecting', 'open'])
  })
})

describe('a client that is closed', () => {
  it('has no timer left of a snapshot that failed', async () => {
    const world = new World()
    const client = world.client()
    client.subscribe('news', { snapshot: snapshotOf(() => Promise.reject(new Error('no'))) })
    await world.settle()
    client.close()
    await world.settle()
    expect(world.clock.pending).toBe(0)
  })

  it('has no timer left of a token that does not come', async () => {
    const world = new World({ auth: () => ({}) })
    const client = world.client({ auth: tokens(() => new Promise<string>(() => undefined)) })
    client.connect()
    await world.settle()
    client.close()
    await world.settle()
    expect(world.clock.pending).toBe(0)
  })
})

describe('a connection that failed', () => {
  it('stays so when the last question is told', async () => {
    const world = new World({ auth: () => ({}) })
    const client = world.client({ auth: tokens(() => null) })
    const history = codeOf(client.history('news'))
    await world.clock.advance(5_000)
    expect(await history).toBe('unauthorized')
    expect(client.state.status).toBe('failed')
  })
})

describe('a subscriber that begins after what never was', () => {
  it.each([false, true])('is told so, and goes on (late: %s)', async (isLate) => {
    const world = new World()
    const client = world.client()
    const { epoch } = world.server.push('news', 1)
    if (isLate) {
      client.subscribe('news')
      await world.settle()
    }
    const log = new Log()
    client.subscribe('news', { onMessage: log.onMessage, onGap: log.onGap, since: { epoch, offset: 100 } })
    await world.settle()
    world.server.push('news', 2)
    await world.settle()
    expect(log.lines.at(-1)).toBe('2')
    expect(log.gaps.map(({ reason }) => reason)).toEqual(['epoch'])
  })

  it('is told so also when it has begun with what comes', async () => {
    const world = new World()
    const client = world.client()
    const log = new Log()
    const { epoch } = world.server.push('news', 1)
    world.server.push('news', 2)
    client.subscribe('news', log)
    await world.settle()
    const data = { reason: 'epoch', from: 2, to: 1, epoch, offset: 1 }
    world.server.tamper((frame) => {
      const { type, messageId } = JSON.parse(frame) as { type: string; messageId?: string }
      return type === 'ack' && messageId !== undefined
        ? [
            frame.replace('"recovered":true', '"recovered":false'),
            JSON.stringify({ type: 'gap', channel: 'news', data }),
          ]
        : [frame]
    })
    world.server.drop()
    await world.clock.advance(1_000)
    expect(log.lines).toEqual(['gap 2-1 epoch'])
  })
})

describe('a late subscriber', () => {
  it('is told when neither its position nor the history can be had in this epoch, and goes on', async () => {
    const world = new World()
    const client = world.client()
    const old = world.server.push('news', 1)
    world.server.newEpoch('news')
    client.subscribe('news')
    await world.settle()
    world.server.tamper(refusing('history', world, { code: 'internal-error', message: '' }))
    const log = new Log()
    client.subscribe('news', { onMessage: log.onMessage, onGap: log.onGap, since: old })
    await world.settle()
    world.server.push('news', 2)
    await world.settle()
    expect(log.lines).toEqual(['gap 1-0 epoch', '2'])
  })

  it('gets nothing of before its position that is still being checked', async () => {
    const world = new World()
    const waiting: (() => void)[] = []
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: (value: unknown) =>
          new Promise<{ value: unknown }>((resolve) => waiting.push(() => resolve({ value }))),
      },
    }
    const client = world.client({ schemas: standardSchemas({ news: schema }) })
    client.subscribe('news')
    await world.settle()
    world.server.push('news', 1)
    await world.settle()
    const log = new Log()
    const subscription = client.subscribe('news', log)
    expect(subscription.state).toMatchObject({ status: 'active', position: { offset: 1 } })
    world.server.push('news', 2)
    await world.settle()
    for (const go of waiting) {
      go()
    }
    await world.settle()
    expect(log.lines).toEqual(['2'])
  })
})
