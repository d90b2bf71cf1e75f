import { describe, expect, it } from 'vitest'
import { presence } from '../../src/index.js'
import type { Client, ClientOptions } from '../../src/index.js'
import { codeOf, Log, World } from './harness.js'

/** More than any client here has to say. */
const MOST_COMMANDS = 100

/** A client that is cut off when it goes on asking for ever, which no promise would settle in between: its test fails, and ends. */
function bounded(world: World, options: Partial<ClientOptions> = {}): Client {
  let commands = 0
  class Bounded extends world.server.WebSocket {
    override send(data: string): void {
      if (++commands <= MOST_COMMANDS) {
        super.send(data)
      }
    }
  }
  return world.client({ WebSocket: Bounded, ...options })
}

/** Sends these frames to the client before the next one. */
function inject(world: World, ...frames: readonly string[]): void {
  world.server.tamper((frame) => {
    world.server.tamper(null)
    return [...frames, frame]
  })
}

describe('a frame that makes no sense', () => {
  it.each([
    'no JSON',
    'null',
    '7',
    '{"type":"message","channel":"news","data":1,"messageId":"m"}',
    '{"type":"message","channel":"news","data":1,"messageId":"m","offset":"3"}',
    '{"type":"message","channel":"news","data":1,"messageId":"m","offset":1e999}',
    '{"type":"gap","channel":"news"}',
    '{"type":"gap","channel":"news","data":{"reason":"trimmed","from":1}}',
    '{"type":"gap","channel":"news","data":{"reason":"epoch","from":1,"to":0,"offset":0}}',
    '{"type":"join","channel":"news"}',
    '{"type":"leave","channel":"news","data":null}',
    '{"type":"drain"}',
    '{"type":"error","messageId":"x","data":null}',
  ])('such as %s is reported once, and all goes on', async (frame) => {
    const world = new World()
    const client = bounded(world)
    const log = new Log()
    client.subscribe('news', { presence, onPresence: () => undefined, onMessage: log.onMessage, onGap: log.onGap })
    await world.settle()
    inject(world, frame)
    world.server.push('news', 1)
    await world.settle()
    expect(world.errors.map(({ code }) => code)).toEqual(['protocol-mismatch'])
    // A hole is still seen and filled
    world.server.tamper(() => [])
    world.server.push('news', 2)
    world.server.tamper(null)
    world.server.push('news', 3)
    await world.settle()
    expect(log.lines).toEqual(['1', '2', '3'])
    expect(world.server.opened).toBe(1)
  })

  it.each([
    '{"type":"later","channel":"news","offset":7,"data":{}}',
    '{"type":"message","channel":"unknown","offset":1}',
    '{"type":"toString","channel":"news"}',
    '{"type":"ping"}',
    '{"type":"ack","messageId":"unknown"}',
  ])('to this version, such as %s, is ignored', async (frame) => {
    const world = new World()
    const log = new Log()
    bounded(world).subscribe('news', log)
    await world.settle()
    inject(world, frame)
    world.server.push('news', 1)
    await world.settle()
    expect(log.lines).toEqual(['1'])
    expect(world.errors).toEqual([])
    expect(world.sent('history')).toEqual([])
  })

  it.each([
    '',
    '"data":null,',
    '"data":{"epoch":"e"},',
    '"data":{"epoch":"e","offset":"1"},',
    '"data":{"epoch":1,"offset":1},',
  ])('in answer to commands (%s) is an error of each', async (data) => {
    const world = new World()
    const client = bounded(world)
    client.connect()
    await world.settle()
    world.server.tamper((frame) => [
      JSON.stringify({ ...(JSON.parse(frame) as object), data: undefined }).replace('{', `{${data}`),
    ])
    const subscription = client.subscribe('news')
    const history = codeOf(client.history('news'))
    await world.settle()
    expect(await history).toBe('internal-error')
    expect(subscription.state).toMatchObject({ status: 'failed', error: { code: 'internal-error' } })
  })
})

it('a page of the history that makes no sense fills no hole, which is lost', async () => {
  const world = new World()
  const client = bounded(world)
  const log = new Log()
  client.subscribe('news', log)
  await world.settle()
  world.server.tamper(() => [])
  world.server.push('news', 1)
  world.server.tamper((frame) => [frame.replace('"offset":1,', '"offset":"1",')])
  world.server.push('news', 2)
  await world.settle()
  expect(log.lines).toEqual(['gap 1-1 unrecoverable', '2'])
})

it('an id that looks like one of this client takes no answer of its commands', async () => {
  const world = new World()
  const client = bounded(world)
  client.connect()
  await world.settle()
  world.server.loseAcks(1)
  const promise = client.broadcast('news', 1, { messageId: 'c-1' })
  await world.settle()
  const subscription = client.subscribe('news')
  await world.settle()
  expect(subscription.state.status).toBe('active')
  await world.clock.advance(10_000)
  await expect(promise).resolves.toMatchObject({ duplicate: true })
})

it('a server is missed in time also when the clock was set back', async () => {
  const world = new World({ heartbeatMs: 10_000 })
  let back = 0
  const clock = {
    now: () => world.clock.now() - back,
    setTimer: (callback: () => void, ms: number) => world.clock.setTimer(callback, ms),
    clearTimer: (timer: number) => world.clock.clearTimer(timer),
  }
  const client = bounded(world, { clock })
  client.subscribe('news')
  await world.settle()
  back = 3_600_000
  world.server.silence(true)
  await world.clock.advance(2 * 16_000 + 2_000)
  expect(client.state.status).toBe('waiting')
})
