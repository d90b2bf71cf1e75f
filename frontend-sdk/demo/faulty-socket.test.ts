import { beforeEach, expect, it } from 'vitest'
import { createClient } from '../src/index.js'
import type { Client, Message } from '../src/index.js'
import { FakeClock, TestServer } from '../src/testing/index.js'
import { Faults } from './faulty-socket.js'

const HEARTBEAT_MS = 5_000

let clock: FakeClock
let server: TestServer
let faults: Faults
let client: Client
let heard: Message[]

beforeEach(async () => {
  clock = new FakeClock(1_000_000)
  server = new TestServer({ clock, heartbeatMs: HEARTBEAT_MS })
  faults = new Faults(server.WebSocket, () => clock.now())
  const { WebSocket } = faults
  client = createClient({ url: server.url, WebSocket, clock, random: () => 0.5, answerTimeoutMs: 3_000 })
  heard = []
  client.subscribe('news', { onMessage: (message) => heard.push(message) })
  await clock.advance(0)
  expect(client.state.status).toBe('open')
})

it('without a fault it is a socket like any other', async () => {
  const accepted = client.broadcast('news', 'Hello')
  await clock.advance(0)
  await expect(accepted).resolves.toMatchObject({ duplicate: false })
  expect(heard.map(({ data }) => data)).toEqual(['Hello'])
  expect(faults.snapshot()).toEqual({
    silentSince: null,
    acksToLose: 0,
    acksLost: 0,
    heartbeatMs: HEARTBEAT_MS,
    sockets: 1,
    refusals: 0,
  })
})

it('a drop is noticed at once, and what was missed comes', async () => {
  faults.drop()
  expect(client.state.status).toBe('waiting')
  expect(faults.snapshot().sockets).toBe(0)
  server.push('news', 'missed')
  await clock.advance(5_000)
  expect(client.state.status).toBe('open')
  expect(faults.snapshot().sockets).toBe(1)
  expect(heard.map(({ data }) => data)).toEqual(['missed'])
})

it('silence is noticed by the client itself, within one and a half heartbeats, a second and a probe', async () => {
  faults.silence()
  expect(faults.snapshot().silentSince).toBe(1_000_000)
  server.push('news', 'missed')
  const accepted = client.broadcast('news', 'sent into the void')
  await clock.advance(1.5 * HEARTBEAT_MS + 1_000 + 1_900)
  expect(client.state.status).toBe('open')
  expect(heard).toEqual([])
  await clock.advance(200)
  expect(client.state.status).toBe('waiting')
  expect(faults.snapshot().silentSince).toBeNull()
  await clock.advance(5_000)
  expect(client.state.status).toBe('open')
  await expect(accepted).resolves.toMatchObject({ duplicate: false })
  expect(heard.map(({ data }) => data)).toEqual(['missed', 'sent into the void'])
})

it('through silence not even the end of the connection is heard', async () => {
  faults.silence()
  server.drop()
  await clock.advance(1_000)
  expect(client.state.status).toBe('open')
  await clock.advance(1.5 * HEARTBEAT_MS + 2_000)
  expect(client.state).toMatchObject({ status: 'waiting', error: { message: 'the server is silent' } })
  expect(faults.snapshot()).toMatchObject({ silentSince: null, sockets: 0 })
})

it('after lost acks each message is confirmed, and in the channel once', async () => {
  faults.loseAcks(2)
  const accepted = [1, 2, 3].map((n) => client.broadcast('news', n))
  await clock.advance(0)
  expect(faults.snapshot()).toMatchObject({ acksToLose: 0, acksLost: 2 })
  expect(client.outbox.messages).toHaveLength(2)
  await clock.advance(3_000)
  const duplicates = (await Promise.all(accepted)).map(({ duplicate }) => duplicate)
  expect(duplicates).toEqual([true, true, false])
  expect(heard.map(({ data }) => data)).toEqual([1, 2, 3])
})

it('only acks of broadcasts are lost', async () => {
  faults.loseAcks(1)
  client.subscribe('other')
  await clock.advance(0)
  expect(faults.snapshot()).toMatchObject({ acksToLose: 1, acksLost: 0 })
})

it('tells its listeners, and of refusals by a limit, too', async () => {
  server.refuseBroadcasts('news', 'rate-limited', 1_000)
  let told = 0
  const stop = faults.subscribe(() => told++)
  void client.broadcast('news', 1)
  await clock.advance(0)
  expect(faults.snapshot().refusals).toBe(1)
  expect(told).toBe(1)
  stop()
  faults.loseAcks(1)
  expect(told).toBe(1)
})
