import { expect } from 'vitest'
import { eventually, fresh } from './harness/eventually.js'
import { memoryOf } from './harness/memory.js'
import { test } from './harness/world.js'
import type {} from './pages/mounts.js'

test('three subscribers of a channel under StrictMode have one socket and one subscription, and leave none', async ({
  world,
}) => {
  const channel = fresh()
  const { proxy, url } = await world.proxy()
  const page = await world.open('mounts')
  await page.evaluate(([to, name]) => window.mounts.mount({ url: to }, name), [url, channel] as const)
  await page.waitForSelector('output[data-status=active] + output[data-status=active] + output[data-status=active]', {
    state: 'attached',
  })
  for (const text of ['a', 'b', 'c']) await world.publish(channel, text)

  await eventually(
    () => page.evaluate(() => window.mounts.shown()),
    (shown) => shown.join() === 'a,b,c,abc,c',
  )
  expect(proxy.attempts).toHaveLength(1)
  expect(proxy.commands).toEqual([expect.objectContaining({ type: 'subscribe', channel })])

  await page.evaluate(() => window.mounts.unmount())
  await eventually(
    () => proxy.open.length,
    (open) => open === 0,
  )
  expect(proxy.attempts).toHaveLength(1)
  expect(proxy.commands.map(({ type }) => type)).toEqual(['subscribe', 'unsubscribe'])
  expect((await memoryOf(page)).sockets).toBe(0)
})

const CYCLES = 200

test.for([
  { next: 'at once', linger: {}, sockets: 1 },
  { next: 'when closed', linger: { lingerMs: 0, idleMs: 0 }, sockets: CYCLES },
] as const)(
  '200 mounts and unmounts, each $next, leave nothing behind',
  async ({ next, linger, sockets }, { world }) => {
    const channel = fresh()
    const { proxy, url } = await world.proxy()
    const page = await world.open('mounts')
    const cycle = async (times: number): Promise<void> => {
      const asked = [times, next, { url, ...linger }, channel] as const
      await page.evaluate((cycles) => window.mounts.cycle(...cycles), asked)
      await eventually(
        () => proxy.open.length,
        (open) => open === 0,
      )
    }
    // Until the compilers of the engine have done their work
    await cycle(CYCLES)
    const before = await memoryOf(page)
    const attempts = proxy.attempts.length
    await cycle(CYCLES)
    const after = await memoryOf(page)

    expect(proxy.attempts.length - attempts).toBe(sockets)
    const commands = proxy.commands.map(({ type }) => type)
    expect(commands.filter((type) => type === 'subscribe')).toHaveLength(proxy.attempts.length)
    expect(after).toMatchObject({ sockets: 0, nodes: before.nodes, listeners: before.listeners })
    // A client, or a subscription alone, would be more than a thousand for each
    expect((after.heapBytes - before.heapBytes) / CYCLES).toBeLessThan(500)
  },
)
