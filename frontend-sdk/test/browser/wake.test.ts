import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually, fresh } from './harness/eventually.js'
import { test, type World } from './harness/world.js'
import type {} from './pages/client.js'

/** What is promised: from the page's return to the next connection. */
const PROMISE_MS = 3_000

/** Its heartbeats come too late to help. */
const heartbeat = { intervalMs: 60_000, timeoutMs: 60_000 }

async function connected(world: World, url: string, channel: string): Promise<Page> {
  const page = await world.open('client')
  await page.evaluate(
    async ([to, name]) => {
      // The random number that leads to the longest pauses
      window.sdk.start({ url: to, reconnect: {}, random: () => 0.999 })
      window.sdk.listen([name])
      await window.sdk.client.history(name)
    },
    [url, channel] as const,
  )
  return page
}

/**
 * Notes in the page what comes first after `event`: another attempt to connect, or a timer of the promised length. Both are timers
 * of the same thread, so that a machine that is busy delays them alike, and their order stays what the code makes it.
 */
function watch(page: Page, event: string): Promise<unknown> {
  return page.evaluate(
    ([name, promiseMs]) => {
      const first: string[] = []
      Object.assign(window, { first })
      const woken = (): void => {
        setTimeout(() => first.push('too late'), promiseMs)
        window.sdk.client.onStateChange(({ status }) => status === 'connecting' && first.push('connecting'))
      }
      addEventListener(name, woken, { once: true, capture: true })
    },
    [event, PROMISE_MS] as const,
  )
}

const first = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (window as unknown as { first: string[] }).first[0])

async function leaves(world: World, event: 'visibilitychange' | 'online', spreadMs: number): Promise<void> {
  const channel = fresh()
  const port = await (await world.server({ heartbeat, session: { reconnectSpreadMs: spreadMs } })).port
  const { proxy, url } = await world.proxy(port)
  const page = await connected(world, url, channel)
  await watch(page, event)
  if (event === 'online') await world.context.setOffline(true)
  proxy.blackhole()
  await world.publish(channel, 'missed', port)
  // What is real of it: `online` is the browser's. Tabs of playwright are always visible, so that only the event can be had.
  if (event === 'online') await world.context.setOffline(false)
  else await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

  const what = await eventually(
    () => first(page),
    (noted) => noted !== undefined,
  )
  expect(what).toBe('connecting')
  const messages = await eventually(
    () => page.evaluate((name) => window.sdk.heard[name]?.messages ?? [], channel),
    ({ length }) => length > 0,
  )
  expect(messages.map(({ data }) => data)).toEqual(['missed'])
  expect(proxy.attempts).toHaveLength(2)
}

test('a page that is visible again leaves a connection that leads nowhere within three seconds', ({ world }) =>
  leaves(world, 'visibilitychange', 100))

test('a page that is online again does so, too', ({ world }) => leaves(world, 'online', 100))

test('and also when the server spreads those who come back over a second, as by default', ({ world }) =>
  leaves(world, 'visibilitychange', 1_000))
