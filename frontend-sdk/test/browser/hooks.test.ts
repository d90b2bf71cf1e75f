import { expect } from 'vitest'
import { eventually, fresh } from './harness/eventually.js'
import { test } from './harness/world.js'
import type {} from './pages/hooks.js'

test('a hook without a provider is an error that says what to do, and the rest of the page goes on', async ({
  world,
}) => {
  const page = await world.open('hooks')
  await page.evaluate(() => window.hooks.renderWithout())
  const caught = await eventually(
    () => page.evaluate(() => window.hooks.caught),
    ({ length }) => length === 2,
  )
  const message = expect.stringMatching(/^use\w+ needs a <BroadcastSocketProvider> above it\.$/) as unknown
  expect(caught).toEqual([
    { code: 'no-provider', message },
    { code: 'no-provider', message },
  ])
  expect(await page.locator('p').allTextContents()).toEqual(['caught', 'caught'])
})

test.for([
  { of: 'the same URL share a socket and a subscription', other: {}, sockets: 1 },
  { of: 'different identities have one each', other: { identity: 'somebody else' }, sockets: 2 },
])('two providers of $of', async ({ other, sockets }, { world }) => {
  const channel = fresh()
  const { proxy, url } = await world.proxy()
  const page = await world.open('hooks')
  await page.evaluate(([one, two, name]) => window.hooks.renderTwo(one, two, name), [
    { url },
    { url, ...other },
    channel,
  ] as const)
  await page.waitForSelector('output[data-status=active] + output[data-status=active]', { state: 'attached' })
  await world.publish(channel, 'Hello')
  await eventually(
    () => page.evaluate(() => window.hooks.shown()),
    (shown) => shown.join() === 'Hello,Hello',
  )
  expect(proxy.attempts).toHaveLength(sockets)
  expect(proxy.commands.map(({ type }) => type)).toEqual(Array.from({ length: sockets }, () => 'subscribe'))
})

test('of two providers the inner one counts, and the outer one makes no socket that nobody needs', async ({
  world,
}) => {
  const channel = fresh()
  const [outer, inner] = [await world.proxy(), await world.proxy()]
  const page = await world.open('hooks')
  await page.evaluate(([one, two, name]) => window.hooks.renderNested(one, two, name), [
    { url: outer.url },
    { url: inner.url },
    channel,
  ] as const)
  await page.waitForSelector('output[data-status=active]', { state: 'attached' })
  expect([outer.proxy.attempts.length, inner.proxy.attempts.length]).toEqual([0, 1])
})
