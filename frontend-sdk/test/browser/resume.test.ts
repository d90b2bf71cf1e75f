import { expect } from 'vitest'
import { eventually, fresh, numbers } from './harness/eventually.js'
import { SOCKET_FAILED, test } from './harness/world.js'
import type {} from './pages/client.js'

/** More by the environment, such as the minute that a release should stand. */
const SECONDS = Number(process.env.SCENARIO_SECONDS ?? 11)
const CHANNELS = numbers(20).map(fresh)
const TABS = 2

/** Publishes 1, 2, 3 … in each channel and in this order, 200 messages each second; resolves with how many were in each. */
function publishAll(publish: (channel: string, n: number) => Promise<void>): Promise<number> {
  const rounds = SECONDS * 10
  const ends = new Map(CHANNELS.map((channel) => [channel, Promise.resolve()]))
  return new Promise((resolve, reject) => {
    let round = 0
    const rhythm = setInterval(() => {
      const n = ++round
      for (const [channel, end] of ends)
        ends.set(
          channel,
          end.then(() => publish(channel, n)),
        )
      if (round < rounds) return
      clearInterval(rhythm)
      Promise.all(ends.values()).then(() => resolve(rounds), reject)
    }, 100)
  })
}

test('two tabs with 20 channels, cut every two seconds, get all once and in order, and resume in one round trip', async ({
  world,
}) => {
  world.expects(SOCKET_FAILED)
  const { proxy, url } = await world.proxy()
  const tabs = await Promise.all(numbers(TABS).map(() => world.open('client')))
  for (const tab of tabs) {
    await tab.evaluate(
      ([to, channels]) => {
        window.sdk.start({ url: to })
        window.sdk.listen(channels)
      },
      [url, CHANNELS] as const,
    )
  }
  await eventually(
    () => proxy.commands,
    (commands) => commands.filter(({ type }) => type === 'subscribe').length === TABS * CHANNELS.length,
  )
  for (const tab of tabs) await tab.evaluate(() => window.sdk.client.presence('news', { limit: 0 }))

  proxy.cutEvery(2_000)
  const rounds = await publishAll((channel, n) => world.publish(channel, n))
  proxy.cutEvery(0)

  for (const tab of tabs) {
    await eventually(
      () => tab.evaluate(() => Object.values(window.sdk.heard).map(({ messages }) => messages.length)),
      (counts) => counts.every((count) => count >= rounds),
    )
    const heard = await tab.evaluate(() => window.sdk.heard)
    expect(Object.keys(heard)).toEqual(CHANNELS)
    for (const { messages, gaps, faults } of Object.values(heard)) {
      expect(messages.map(({ data }) => data)).toEqual(numbers(rounds).map((n) => n + 1))
      expect({ gaps, faults }).toEqual({ gaps: [], faults: [] })
    }
    expect(await tab.evaluate(() => window.sdk.errors)).toEqual([])
  }
  // Those that were cut before they could say anything do not count
  const resumed = proxy.history.slice(TABS).filter(({ commands }) => commands.length > 0)
  expect(resumed.length).toBeGreaterThanOrEqual(TABS * Math.floor(SECONDS / 2 - 1))
  for (const { commands } of resumed) {
    expect(commands).toEqual([expect.objectContaining({ type: 'resume' })])
    expect(Object.keys(commands[0]?.positions ?? {}).sort()).toEqual([...CHANNELS].sort())
  }
})
