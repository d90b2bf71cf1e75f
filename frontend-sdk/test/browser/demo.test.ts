import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, inject } from 'vitest'
import { eventually } from './harness/eventually.js'
import { openAt } from './harness/watched.js'
import { test, type World } from './harness/world.js'

const stage = inject('stage')
const url = `http://127.0.0.1:${stage?.serverPort}/`

async function hasPage(): Promise<boolean> {
  if (stage === null) return false
  if ((await fetch(url)).ok || process.env.CI === 'true') return true
  console.warn('NOTICE: the server was built without its page, so the tests of the page do not run')
  return false
}

/** Opens the page of the server in another window of the same browser. */
async function open(world: World): Promise<Page> {
  const page = await openAt(world, url)
  await connected(page)
  return page
}

const connected = (page: Page) => page.locator('.pill.open').waitFor()

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await press(page, 'Send')
}

const lines = (page: Page, text: string) => page.locator('.lines li').filter({ hasText: text })

const textOf = async (page: Page, selector: string) => (await page.locator(selector).textContent()) ?? ''

async function counter(page: Page, name: string): Promise<number> {
  return Number((await textOf(page, `[data-counter="${name}"]`)).replaceAll(',', ''))
}

/** How many messages the page has written down by now; that takes a moment. */
function stored(): Promise<number> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('broadcast-demo')
    opening.onsuccess = () => {
      const counting = opening.result.transaction('messages').objectStore('messages').count()
      counting.onsuccess = () => {
        opening.result.close()
        resolve(counting.result)
      }
    }
  })
}

async function expectWhole(page: Page): Promise<void> {
  await eventually(
    () => textOf(page, '[data-verdict=chart]'),
    (text) => text.includes('in order, nothing missing, nothing twice'),
  )
}

describe.skipIf(!(await hasPage()))('the page at /', () => {
  test('is readable in both themes and on a phone, and asks nobody else', async ({ world }) => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-page-'))
    const page = await open(world)
    await say(page, 'Hello')
    await expectWhole(page)
    for (const [name, colorScheme, width, height] of [
      ['light', 'light', 1280, 800],
      ['dark', 'dark', 1280, 800],
      ['phone', 'light', 360, 740],
      ['phone-dark', 'dark', 360, 740],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: width < 500 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width)
    }
    expect(await textOf(page, '[data-sockets]')).toBe('1 socket')
    console.log(`The page at /, to be looked at: ${folder}`)
  })

  test('is a chat in two windows, and each has a chart of both', async ({ world }) => {
    const [one, other] = [await open(world), await open(world)]
    await one.getByLabel('Name').fill('Ann')
    const text = `Hello ${crypto.randomUUID()}`
    await say(one, text)
    await lines(other, text).waitFor()
    expect(await lines(other, text).textContent()).toContain('Ann')
    await lines(one, text).locator('[data-status=confirmed]').waitFor()
    await other.getByText('2 here').waitFor()
    await expectWhole(one)
    await expectWhole(other)
  })

  test('is back after a drop, on one socket, with nothing missing', async ({ world }) => {
    const page = await open(world)
    await press(page, 'Drop the socket')
    await page.getByText(/^Back after/).waitFor()
    await eventually(
      () => counter(page, 'Reconnects'),
      (count) => count === 1,
    )
    expect(await textOf(page, '[data-sockets]')).toBe('1 socket')
    await expectWhole(page)
  })

  test('notices a silence by itself', async ({ world }) => {
    const page = await open(world)
    await press(page, 'Go silent')
    await page.getByText(/^Silent for/).waitFor()
    await page.getByText(/^No connection: the server is silent/).waitFor()
    await page.getByText(/^Back after/).waitFor()
    await expectWhole(page)
  })

  test.for([
    ['Publish 1,000', 0],
    ['… and cut it twice', 2],
  ] as const)('gets a thousand of a thousand, none twice: %s', async ([button, cuts], { world }) => {
    const page = await open(world)
    await press(page, button)
    const outcome = await eventually(
      () => textOf(page, '.card:has(#burst) .verdict'),
      (text) => text.includes('missing'),
    )
    expect(outcome).toContain('✓ 1,000 sent, 1,000 received, 0 missing, 0 twice')
    await eventually(
      () => counter(page, 'Reconnects'),
      (count) => count === cuts,
    )
  })

  test('confirms what was sent when acks are lost', async ({ world }) => {
    const [page, other] = [await open(world), await open(world)]
    await page.bringToFront()
    await press(page, 'Stop publishing')
    await press(page, /^Lose/)
    const texts = Array.from({ length: 10 }, (_, n) => `${crypto.randomUUID()} number ${n}`)
    for (const text of texts) await say(page, text)
    await page.locator('[data-acks="0"]').waitFor()
    for (const text of texts) {
      await lines(page, text).locator('[data-status=confirmed]').waitFor()
      expect(await lines(other, text).count()).toBe(1)
    }
  })

  test('keeps what was typed without a connection over a reload', async ({ world }) => {
    const [page, other] = [await open(world), await open(world)]
    const text = `kept ${crypto.randomUUID()}`
    await press(page, 'Go silent')
    await say(page, text)
    await lines(page, text).locator('[data-status=sent]').waitFor()
    expect(await lines(other, text).count()).toBe(0)
    await eventually(
      () => page.evaluate(stored),
      (count) => count === 1,
    )
    await page.reload()
    await lines(other, text).waitFor()
    await lines(page, text).locator('[data-status=confirmed]').waitFor()
    expect(await lines(other, text).count()).toBe(1)
  })

  test('does not move by itself for who does not want that, and can be used by keyboard', async ({ world }) => {
    const page = await open(world)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const start = page.getByRole('button', { name: 'Start publishing' })
    await start.focus()
    await page.keyboard.press('Tab')
    const before = await counter(page, 'Sent')
    await page.keyboard.press('Enter')
    await eventually(
      () => counter(page, 'Sent'),
      (count) => count > before,
    )
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('One point')
  })
})
