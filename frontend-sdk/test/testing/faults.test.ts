import { expect, it, vi } from 'vitest'
import { FakeClock, TestServer, type TestServerOptions } from '../../src/testing/index.js'
import { RawClient } from './raw-client.js'

/** A server with one client, `subscribed` to news. */
async function start(options: TestServerOptions = {}) {
  const clock = new FakeClock()
  const server = new TestServer({ clock, ...options })
  const client = new RawClient(server)
  await clock.advance(0)
  client.send({ type: 'subscribe', channel: 'news', messageId: '1' })
  await clock.advance(0)
  return { clock, server, client }
}

it('a backend pushes, and the same id once', async () => {
  const { clock, server, client } = await start()
  const first = server.push('news', 'a', { messageId: 'm1' })
  expect(server.push('news', 'b', { messageId: 'm1' })).toEqual(first)
  expect(server.push('news', 'c').offset).toBe(2)
  await clock.advance(0)
  expect(client.story).toEqual(['ack', 'message 1', 'message 2'])
  expect(server.published('news').map(({ data }) => data)).toEqual(['a', 'c'])
})

it('a drop without a code loses what is on its way, one with a code does not', async () => {
  const { clock, server, client } = await start()
  const other = new RawClient(server)
  await clock.advance(0)
  server.push('*', 1)
  server.connections[0]?.drop()
  server.connections[0]?.drop(4001)
  await clock.advance(0)
  expect(client.events.slice(-2)).toEqual(['error', 'close'])
  expect([client.closed, other.closed]).toEqual([1006, 4001])
  expect([client.story, other.story]).toEqual([['ack'], ['message 1']])
  expect(server.opened).toBe(2)
})

it('while it is silent nothing arrives, afterwards everything does', async () => {
  const { clock, server, client } = await start()
  server.silence(true)
  server.push('news', 1)
  client.send({ type: 'unsubscribe', channel: 'news' })
  const late = new RawClient(server)
  await clock.advance(1_000)
  expect(client.story).toEqual(['ack'])
  expect(server.commands).toHaveLength(1)
  expect(late.events).toEqual([])
  server.silence(false)
  await clock.advance(0)
  expect(client.story).toEqual(['ack', 'message 1', 'ack'])
  expect(late.events).toEqual(['open', 'message'])
})

it('a connection that is silent for too long is ended, and the client hears of it later', async () => {
  const { clock, server, client } = await start({ heartbeatMs: 1_000, heartbeatTimeoutMs: 500 })
  await clock.advance(3_000)
  expect(server.connections).toHaveLength(1)
  server.silence(true)
  await clock.advance(1_500)
  expect(server.connections).toHaveLength(0)
  expect(client.closed).toBeUndefined()
  server.silence(false)
  await clock.advance(0)
  expect(client.closed).toBe(4000)
})

it('closing a silent socket tells nobody until the silence is over', async () => {
  const { clock, server, client } = await start()
  server.silence(true)
  client.socket.close(1000)
  await clock.advance(5_000)
  expect(client.closed).toBeUndefined()
  expect(server.connections).toHaveLength(1)
  server.silence(false)
  await clock.advance(0)
  expect(client.closed).toBe(1000)
  expect(server.connections).toHaveLength(0)
})

it('a broadcast whose ack is lost has taken effect, and its repetition is a duplicate', async () => {
  const { clock, server, client } = await start()
  server.loseAcks(1)
  const broadcast = { type: 'broadcast', channel: 'other', data: 1, messageId: 'm1' }
  client.send(broadcast)
  await clock.advance(0)
  expect(client.frames).toHaveLength(2)
  client.send(broadcast)
  await clock.advance(0)
  expect(client.data(-1)).toMatchObject({ offset: 1, duplicate: true })
})

it('a new epoch is a gap for subscribers, and forgets ids', async () => {
  const { clock, server, client } = await start()
  const { epoch } = server.push('news', 1, { messageId: 'm1' })
  server.newEpoch('news')
  expect(server.push('news', 1, { messageId: 'm1' })).toEqual({ ...server.top('news'), offset: 1 })
  await clock.advance(0)
  expect(client.story).toEqual(['ack', 'message 1', 'gap', 'message 1'])
  expect(client.data(-2)).toEqual({ ...server.top('news'), from: 2, to: 1, reason: 'epoch', offset: 0 })
  expect(server.top('news').epoch).not.toBe(epoch)
})

it('without a name all channels begin anew, and who is there joins again', async () => {
  const { clock, server, client } = await start()
  server.join('news', 'bob', { name: 'Bob' })
  client.send({ type: 'subscribe', channel: 'news', presence: true })
  await clock.advance(0)
  server.newEpoch()
  await clock.advance(0)
  expect(client.story.slice(2)).toEqual(['gap', 'gap', 'gap', 'join 1'])
  expect(client.data(-2)).toMatchObject({ presence: true, from: 2, to: 1, reason: 'epoch' })
})

it('what was trimmed is gone', async () => {
  const { clock, server, client } = await start()
  for (let i = 1; i <= 5; i++) server.push('other', i)
  server.trim('other', 2)
  client.send({ type: 'history', channel: 'other', since: { ...server.top('other'), offset: 1 } })
  await clock.advance(0)
  expect(client.data(-1)).toMatchObject({ gap: { from: 2, to: 3, reason: 'trimmed', offset: 3 } })
})

it('frames can be dropped, doubled and held back', async () => {
  const { clock, server, client } = await start()
  const held: string[] = []
  server.tamper((frame) => {
    if (frame.includes('drop')) return []
    if (frame.includes('hold')) held.push(frame)
    return frame.includes('hold') ? [] : [frame, frame, ...held.splice(0)]
  })
  for (const data of ['drop', 'hold', 'double']) server.push('news', data)
  server.tamper(null)
  server.push('news', 'last')
  await clock.advance(0)
  expect(client.frames.slice(2).map(({ data }) => data)).toEqual(['double', 'double', 'hold', 'last'])
})

it('while it is offline no attempt succeeds', async () => {
  const { clock, server } = await start()
  server.offline(true)
  const failed = new RawClient(server)
  await clock.advance(0)
  expect(failed.events).toEqual(['error', 'close'])
  expect(failed.closed).toBe(1006)
  server.offline(false)
  const client = new RawClient(server)
  await clock.advance(0)
  expect(client.events).toEqual(['open', 'message'])
})

it('refuses channels until it is told otherwise', async () => {
  const { clock, server, client } = await start()
  server.refuse('secret', 'unauthorized')
  server.refuseBroadcasts('news', 'rate-limited', 300)
  const position = { epoch: 'e', offset: 0 }
  client.send({ type: 'subscribe', channel: 'secret', messageId: '2' })
  client.send({ type: 'resume', positions: { secret: position, open: position }, messageId: '3' })
  client.send({ type: 'broadcast', channel: 'news', data: 1, messageId: '4' })
  await clock.advance(0)
  expect(client.data(2)).toMatchObject({ code: 'unauthorized' })
  expect(client.data(3)).toMatchObject({ refused: { secret: { code: 'unauthorized' } }, subscriptions: { open: {} } })
  expect(client.data(-1)).toMatchObject({ code: 'rate-limited', retryAfterMs: 300 })
  server.refuse('secret', null)
  client.send({ type: 'subscribe', channel: 'secret', messageId: '5' })
  await clock.advance(0)
  expect(client.frames.at(-1)).toMatchObject({ type: 'ack', messageId: '5' })
})

it('a drain closes those who were there, one after the other', async () => {
  const { clock, server, client } = await start()
  const other = new RawClient(server)
  await clock.advance(0)
  server.drain(1_000, 5_000)
  const late = new RawClient(server)
  await clock.advance(500)
  expect(client.data(-1)).toEqual({ spreadMs: 1_000, deadlineMs: 5_000 })
  expect([client.closed, other.closed, late.closed]).toEqual([1012, undefined, undefined])
  await clock.advance(500)
  expect([client.closed, other.closed, late.closed]).toEqual([1012, 1012, undefined])
  expect(late.data(0).node).not.toBe(client.data(0).node)
})

it('a restart forgets sessions and streams', async () => {
  const { clock, server, client } = await start()
  const { epoch } = server.push('news', 1)
  server.restart()
  await clock.advance(0)
  expect(client.closed).toBe(1006)
  const back = new RawClient(server, `?session=${String(client.data(0).session)}`)
  await clock.advance(0)
  expect(back.data(0)).toMatchObject({ resumed: false })
  expect(server.top('news').epoch).not.toBe(epoch)
  expect(server.published('news')).toHaveLength(1)
})

it('a session waits for its client so long and no longer', async () => {
  const { clock, server, client } = await start({ sessionTtlMs: 1_000 })
  const path = `?session=${String(client.data(0).session)}`
  client.socket.close()
  await clock.advance(1_000)
  const back = new RawClient(server, path)
  await clock.advance(0)
  expect(back.data(0)).toMatchObject({ resumed: true, clientId: client.data(0).clientId })
  back.socket.close()
  await clock.advance(1_001)
  const late = new RawClient(server, path)
  await clock.advance(0)
  expect(late.data(0)).toMatchObject({ resumed: false })
})

it('what a pong has confirmed is not redelivered', async () => {
  const { clock, server, client } = await start()
  server.push('news', 1)
  await clock.advance(25_000)
  server.push('news', 2)
  server.drop()
  const back = new RawClient(server, `?session=${String(client.data(0).session)}`)
  await clock.advance(0)
  expect(back.data(0)).toMatchObject({ subscriptions: { news: { offset: 1, redelivered: 1 } } })
  expect(back.story).toEqual(['message 2'])
})

it('leaves no timer behind', async () => {
  const { clock, server, client } = await start()
  client.send({ type: 'subscribe', channel: 'news', info: 1 })
  await clock.advance(0)
  expect(server.members('news')).toEqual([{ clientId: client.data(0).clientId, info: 1 }])
  server.drop()
  await clock.advance(5_000)
  expect(server.members('news')).toEqual([])
  expect(clock.pending).toBe(0)
})

it('others join, show something else and leave', async () => {
  const { clock, server, client } = await start()
  server.join('news', 'bob', 1)
  client.send({ type: 'subscribe', channel: 'news', presence: true })
  await clock.advance(0)
  server.join('news', 'bob', 1)
  server.join('news', 'bob', 2)
  server.leave('news', 'bob')
  server.leave('news', 'nobody')
  await clock.advance(0)
  expect(client.data(2)).toMatchObject({ presence: { count: 1, members: [{ clientId: 'bob', info: 1 }] } })
  expect(client.story.slice(2)).toEqual(['join 2', 'leave 3'])
  expect(client.data(-1)).toEqual({ clientId: 'bob', info: 2 })
})

it('without a clock it lives in real time', async () => {
  const server = new TestServer({ heartbeatMs: 5 })
  const client = new RawClient(server)
  await vi.waitUntil(() => client.story.includes('ping'))
  expect(Math.abs(Date.now() - Number(client.frames[0]?.timestamp))).toBeLessThan(60_000)
  expect(server.connections.map(({ subscriptions, url }) => ({ subscriptions, url }))).toEqual([
    { subscriptions: ['*'], url: server.url },
  ])
  client.socket.close()
  await vi.waitUntil(() => client.closed !== undefined)
})
