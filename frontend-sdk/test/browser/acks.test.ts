import { expect } from 'vitest'
import type { Spoken } from '../contract/proxied-connection.js'
import type { TcpProxy } from '../contract/tcp-proxy.js'
import { eventually, fresh, numbers } from './harness/eventually.js'
import { SOCKET_FAILED, test } from './harness/world.js'
import type {} from './pages/client.js'

const COUNT = 20
const IDS = numbers(COUNT).map((n) => `mine-${n}`)

const isOurAck = ({ type, messageId }: Spoken): boolean => type === 'ack' && messageId?.startsWith('mine-') === true

const broadcasts = (proxy: TcpProxy): readonly string[] =>
  proxy.commands.filter(({ type }) => type === 'broadcast').map(({ messageId }) => messageId ?? '')

const times = (ids: readonly string[], id: string): number => ids.filter((each) => each === id).length

test.for([
  { why: 'no answer came in time', answerTimeoutMs: 300, cuts: false },
  { why: 'the connection was lost', answerTimeoutMs: 60_000, cuts: true },
])('a sender whose acks are lost sends again under the same ids when $why', async (given, { world }) => {
  world.expects(SOCKET_FAILED)
  const channel = fresh()
  const { proxy, url } = await world.proxy()
  const [sender, observer] = [await world.open('client'), await world.open('client')]
  await observer.evaluate(
    async ([to, name]) => {
      window.sdk.start({ url: to })
      window.sdk.listen([name])
      await window.sdk.client.history(name)
    },
    [world.serverUrl, channel] as const,
  )
  proxy.eats = isOurAck
  await sender.evaluate(
    ([to, name, ids, answerTimeoutMs]) => {
      window.sdk.start({ url: to, answerTimeoutMs })
      for (const [n, messageId] of ids.entries()) {
        void window.sdk.client.broadcast(name, n, { messageId }).then((accepted) => window.sdk.accepted.push(accepted))
      }
    },
    [url, channel, IDS, given.answerTimeoutMs] as const,
  )
  const seen = () => observer.evaluate((name) => window.sdk.heard[name]?.messages ?? [], channel)
  await eventually(seen, ({ length }) => length === COUNT)
  if (given.cuts) proxy.cut()
  await eventually(
    () => broadcasts(proxy),
    (sent) => IDS.every((id) => times(sent, id) > 1),
  )
  const waiting = await sender.evaluate(() => window.sdk.client.outbox.messages.map(({ messageId }) => messageId))
  expect(waiting).toEqual(IDS)

  proxy.eats = null
  if (given.cuts) proxy.cut()
  const accepted = await eventually(
    () => sender.evaluate(() => window.sdk.accepted),
    ({ length }) => length === COUNT,
  )
  expect(accepted.map(({ messageId }) => messageId).sort()).toEqual([...IDS].sort())
  expect(accepted.every(({ duplicate }) => duplicate)).toBe(true)
  expect(await sender.evaluate(() => window.sdk.client.outbox.messages)).toEqual([])
  expect(await sender.evaluate(() => window.sdk.client.stats)).toMatchObject({ confirmed: COUNT, failed: 0 })
  expect(new Set(broadcasts(proxy))).toEqual(new Set(IDS))
  // What the observer would get of later ones shows that there is nothing more to come
  await world.publish(channel, 'last')
  const messages = await eventually(seen, (all) => all.at(-1)?.data === 'last')
  expect(messages.map(({ messageId }) => messageId).slice(0, -1)).toEqual(IDS)
})
