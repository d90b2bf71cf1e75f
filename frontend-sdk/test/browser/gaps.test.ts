import { expect } from 'vitest'
import type { Heard } from './pages/client.js'
import { eventually, fresh, numbers } from './harness/eventually.js'
import { SOCKET_FAILED, test, type World } from './harness/world.js'

const CHANNELS = numbers(5).map(fresh)
const HISTORY = { history: { size: 10 } }

type Heards = Readonly<Record<string, Heard>>

const all = (heards: Heards, accepts: (heard: Heard) => boolean): boolean =>
  CHANNELS.every((channel) => {
    const heard = heards[channel]
    return heard !== undefined && accepts(heard)
  })

/** A page that listens to all channels, each by two subscribers that share a snapshot; and has got one message of each. */
async function listening(world: World, port: number) {
  world.expects(SOCKET_FAILED)
  const { proxy, url } = await world.proxy(port)
  const page = await world.open('client')
  const heard = (): Promise<Heards> => page.evaluate(() => window.sdk.heard)
  await page.evaluate(
    ([to, channels]) => {
      window.sdk.start({ url: to })
      window.sdk.listen(channels, { counted: true })
    },
    [url, CHANNELS] as const,
  )
  await eventually(heard, (heards) => all(heards, ({ snapshots }) => snapshots === 1))
  for (const channel of CHANNELS) await world.publish(channel, 'before', port)
  await eventually(heard, (heards) => all(heards, ({ messages }) => messages.length === 1))
  return { proxy, page, heard }
}

const publishMany = async (world: World, port: number, count: number): Promise<void> => {
  for (const channel of CHANNELS) for (const n of numbers(count)) await world.publish(channel, n, port)
}

test('after an outage longer than the history each channel has one gap, and its snapshot is loaded once', async ({
  world,
}) => {
  const port = await (await world.server(HISTORY)).port
  const { proxy, heard } = await listening(world, port)
  proxy.target = null
  proxy.cut()
  await publishMany(world, port, 30)
  proxy.target = port

  const heards = await eventually(heard, (each) => all(each, ({ messages }) => messages.at(-1)?.data === 29))
  for (const channel of CHANNELS) {
    const gap = expect.objectContaining({ channel, reason: 'trimmed', from: 2, to: 21 }) as unknown
    expect(heards[channel]).toMatchObject({ gaps: [gap], snapshots: 2, faults: [] })
    expect(heards[channel]?.messages.map(({ data }) => data)).toEqual(['before', ...numbers(30).slice(20)])
  }
})

test('after a server that has lost everything each channel has one gap, and its snapshot is loaded once', async ({
  world,
}) => {
  const first = await world.server(HISTORY)
  const { proxy, heard } = await listening(world, await first.port)
  proxy.target = null
  await first.kill()
  const port = await (await world.server(HISTORY)).port
  await publishMany(world, port, 3)
  proxy.target = port

  const heards = await eventually(heard, (each) => all(each, ({ messages }) => messages.at(-1)?.data === 2))
  for (const channel of CHANNELS) {
    const gap = expect.objectContaining({ channel, reason: 'epoch' }) as unknown
    expect(heards[channel]).toMatchObject({ gaps: [gap], snapshots: 2, faults: [] })
    expect(heards[channel]?.messages.map(({ data }) => data)).toEqual(['before', 0, 1, 2])
  }
})
