import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { createServer } from 'vite'
import { describe, expect } from 'vitest'
import { eventually } from './harness/eventually.js'
import { openAt } from './harness/watched.js'
import { test, type World } from './harness/world.js'

const configFile = fileURLToPath(new URL('../../examples/vite.config.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'examples-'))

/** Starts an example as `npm run example` does, against the server of the tests, and shows it in two windows. */
async function show(world: World, mode: string, act: (one: Page, other: Page) => Promise<void>): Promise<void> {
  const vite = await createServer({
    configFile,
    mode,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
    plugins: [
      { name: 'server', transform: (code) => code.replace(/(?<=")ws:\/\/localhost:8080(?=")/, world.serverUrl) },
    ],
  })
  try {
    await vite.listen()
    const url = vite.resolvedUrls?.local[0] ?? expect.fail('it does not listen')
    // React tells that it is a development build
    const pages = [await openAt(world, url, /^(info|debug) /), await openAt(world, url, /^(info|debug) /)] as const
    expect(await pages[0].title()).toBe(`Broadcast Socket: ${mode}`)
    await act(...pages)
    await pages[1].screenshot({ path: join(folder, `${mode}.png`) })
    console.log(`The example ${mode}, to be looked at: ${join(folder, `${mode}.png`)}`)
    for (const page of pages) await page.close()
  } finally {
    await vite.close()
  }
}

describe('the example', () => {
  test('chat brings what was said to the other window', async ({ world }) => {
    await show(world, 'chat', async (one, other) => {
      const text = `Hello ${crypto.randomUUID()}`
      await one.getByLabel('Message').fill(text)
      await one.getByRole('button', { name: 'Send' }).click()
      await other.getByText(text).waitFor()
      await eventually(
        () => other.getByText(/^Here: /).textContent(),
        (here) => here?.split(',').length === 2,
      )
    })
  })

  test('dashboard shows prices of both windows', async ({ world }) => {
    await show(world, 'dashboard', async (one, other) => {
      for (const page of [one, other]) await page.getByRole('row').first().waitFor()
      await other.getByText(/ 0 duplicates dropped, 0 gaps/).waitFor()
    })
  })

  test('cursors shows where the other pointer is', async ({ world }) => {
    await show(world, 'cursors', async (one, other) => {
      await one.mouse.move(200, 200)
      await other.getByText(/^2 here/).waitFor()
      await one.mouse.move(300, 300)
      await other.getByText(/^◤/).first().waitFor()
    })
  })

  test('notifications tells everyone, and remembers', async ({ world }) => {
    await show(world, 'notifications', async (one, other) => {
      await other.getByRole('button', { name: 'Load again' }).waitFor()
      await one.getByRole('button', { name: 'Warn everyone' }).click()
      await other
        .getByRole('status')
        .getByText(/⚠ Sent at/)
        .waitFor()
      await other.getByRole('button', { name: 'Load again' }).click()
      await other.getByRole('listitem').first().waitFor()
    })
  })
})
