import { expect } from 'vitest'
import { eventually, fresh } from './harness/eventually.js'
import { SOCKET_FAILED, test } from './harness/world.js'
import type {} from './pages/client.js'

test('a page under the strict policy speaks with the real server, and the proxy hears it', async ({ world }) => {
  const channel = fresh()
  const { proxy, url } = await world.proxy()
  const page = await world.open('client')
  await page.evaluate(
    async ([to, name]) => {
      window.sdk.start({ url: to })
      window.sdk.listen([name])
      await window.sdk.client.broadcast(name, 'Hello')
    },
    [url, channel] as const,
  )
  const messages = await eventually(
    () => page.evaluate((name) => window.sdk.heard[name]?.messages ?? [], channel),
    ({ length }) => length === 1,
  )
  expect(messages[0]).toMatchObject({ channel, data: 'Hello', offset: 1 })
  expect(proxy.commands.map(({ type }) => type)).toEqual(['subscribe', 'broadcast'])
  expect(proxy.open).toHaveLength(1)
})

test('an error in the page is seen, and so is a socket that was reset', async ({ world }) => {
  world.expects(SOCKET_FAILED, /thrown by the test/)
  const { proxy, url } = await world.proxy()
  const page = await world.open('client')
  await page.evaluate((to) => {
    window.sdk.start({ url: to })
    window.sdk.listen(['news'])
  }, url)
  await eventually(
    () => proxy.commands,
    ({ length }) => length === 1,
  )
  proxy.target = null
  proxy.cut()
  await eventually(
    () => proxy.attempts,
    ({ length }) => length > 1,
  )
  await page.evaluate(() =>
    setTimeout(() => {
      throw new Error('thrown by the test')
    }),
  )
  await eventually(
    () => world.problems,
    (problems) => problems.some((text) => text.includes('thrown by the test')),
  )
})
