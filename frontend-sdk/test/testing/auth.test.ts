import { expect, it } from 'vitest'
import { FakeClock, TestServer } from '../../src/testing/index.js'
import { RawClient } from './raw-client.js'

const auth = (token: string) => (token === 'good' ? { expiresInMs: 1_000 } : null)
const COMMAND = { type: 'history', channel: 'news', messageId: '1' }

it('a server without tokens knows no auth', async () => {
  const clock = new FakeClock()
  const client = new RawClient(new TestServer({ clock }))
  await clock.advance(0)
  client.send({ type: 'auth', token: 'good', messageId: '1' })
  await clock.advance(0)
  expect(client.frames.at(-1)).toMatchObject({ type: 'error', messageId: '1', data: { code: 'unknown-type' } })
})

it('a server with tokens refuses everything before, and commands may follow without waiting', async () => {
  const clock = new FakeClock()
  const client = new RawClient(new TestServer({ clock, auth }))
  await clock.advance(0)
  client.send(COMMAND)
  client.send({ type: 'auth', token: 'bad', messageId: '2' })
  client.send({ type: 'auth', token: 'good', messageId: '3' })
  client.send({ ...COMMAND, messageId: '4' })
  await clock.advance(0)
  expect(client.story).toEqual(['error', 'error', 'ack', 'ack'])
  expect(client.data(1)).toMatchObject({ code: 'unauthorized' })
  expect(client.data(2)).toMatchObject({ code: 'unauthorized' })
  expect(client.data(3)).toEqual({ expiresInMs: 1_000 })
})

it('a token that was not refreshed in time is worth nothing', async () => {
  const clock = new FakeClock()
  const client = new RawClient(new TestServer({ clock, auth }))
  await clock.advance(0)
  client.send({ type: 'auth', token: 'good', messageId: '1' })
  await clock.advance(999)
  client.send({ ...COMMAND, messageId: '2' })
  await clock.advance(1)
  client.send({ ...COMMAND, messageId: '3' })
  client.send({ type: 'auth', token: 'good', messageId: '4' })
  client.send({ ...COMMAND, messageId: '5' })
  await clock.advance(0)
  expect(client.story).toEqual(['ack', 'ack', 'error', 'ack', 'ack'])
})
