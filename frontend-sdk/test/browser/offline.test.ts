import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Batch } from '../../src/react/index.js'
import type { Line } from './pages/chat.js'
import { eventually, fresh, numbers } from './harness/eventually.js'
import { SOCKET_FAILED, test, type World } from './harness/world.js'

const COUNT = 50
const TEXTS = numbers(COUNT).map((n) => `text ${n}`)

const list = (page: Page): Promise<readonly Line[]> => page.evaluate(() => window.chat.lists.at(-1) ?? [])
const texts = (lines: readonly Line[]): readonly string[] => lines.map(({ text }) => text)
/** Lists on which an own message is missing that was there before, or that is there twice. */
function flickers(shown: readonly (readonly Line[])[]): readonly string[] {
  const seen = new Set<string>()
  const found: string[] = []
  for (const [n, lines] of shown.entries()) {
    const ids = lines.map(({ id }) => id)
    const missing = [...seen].filter((id) => !ids.includes(id))
    if (new Set(ids).size < ids.length) found.push(`list ${n} has one twice`)
    if (missing.length > 0) found.push(`list ${n} of ${shown.length} misses ${missing.length}`)
    for (const id of ids) seen.add(id)
  }
  return found
}

/** A tab that has no connection and a page in it that has been loaded, and a tab that sees what arrives. */
async function offline(world: World, query: Readonly<Record<string, string>> = {}) {
  world.expects(SOCKET_FAILED)
  const channel = fresh()
  const { proxy, url } = await world.proxy()
  const observer = await world.open('client')
  await observer.evaluate(
    async ([to, name]) => {
      window.sdk.start({ url: to })
      window.sdk.listen([name])
      await window.sdk.client.history(name)
    },
    [world.serverUrl, channel] as const,
  )
  proxy.target = null
  const page = await world.open('chat', { query: { url, channel, ...query } })
  await eventually(
    () => proxy.attempts.length,
    (attempts) => attempts > 0,
  )
  const observed = () => observer.evaluate((name) => window.sdk.heard[name]?.messages ?? [], channel)
  /** All that has ever come, which ends with what is published here. */
  const arrived = async (): Promise<readonly unknown[]> => {
    await world.publish(channel, 'end')
    const messages = await eventually(observed, (some) => some.at(-1)?.data === 'end')
    return messages.slice(0, -1).map(({ data }) => data)
  }
  return { page, online: () => (proxy.target = world.stage.serverPort), arrived }
}

async function sendOffline(page: Page, ttlMs?: number): Promise<void> {
  await page.evaluate(([some, ttl]) => some.forEach((text) => window.chat.send(text, ttl)), [TEXTS, ttlMs] as const)
  const stored = (): Promise<number> => page.evaluate(() => window.chat.stored())
  await eventually(stored, (count) => count === COUNT)
}

const isAll = (status: Line['status']) => (lines: readonly Line[]) =>
  lines.length === COUNT && lines.every((line) => line.status === status)

test('what was sent offline survives a reload, and is delivered once and in order', async ({ world }) => {
  const { page, online, arrived } = await offline(world)
  await sendOffline(page)
  await eventually(() => list(page), isAll('queued'))
  await page.reload()
  expect(texts(await eventually(() => list(page), isAll('queued')))).toEqual(TEXTS)
  online()
  expect(texts(await eventually(() => list(page), isAll('arrived')))).toEqual(TEXTS)
  expect(await arrived()).toEqual(TEXTS)
  const stored = (): Promise<number> => page.evaluate(() => window.chat.stored())
  await eventually(stored, (count) => count === 0)
})

/** Sends, and expects of each list that was rendered that it has all own messages of those before. */
async function staysInList(world: World, batch: Batch): Promise<void> {
  const { page, online } = await offline(world, { batch: String(batch) })
  await sendOffline(page)
  online()
  await eventually(() => list(page), isAll('arrived'))
  expect(flickers(await page.evaluate(() => window.chat.lists))).toEqual([])
}

// Acks of the real server come before the messages
test('an own message never leaves the list on its way into the channel', ({ world }) => staysInList(world, 'microtask'))

test('nor does it when renders are batched by frames', ({ world }) => staysInList(world, 'frame'))

test('what has waited too long has failed, also after a reload, and can be sent again', async ({ world }) => {
  const { page, online, arrived } = await offline(world)
  await sendOffline(page, 1)
  await eventually(() => list(page), isAll('failed'))
  await page.reload()
  const lines = await eventually(() => list(page), isAll('failed'))
  expect(new Set(lines.map(({ code }) => code))).toEqual(new Set(['expired']))
  online()
  await page.evaluate(() => window.chat.retry())
  await eventually(() => list(page), isAll('arrived'))
  expect(await arrived()).toEqual(TEXTS)
})
