import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { Pages } from './chromium.js'
import type { Soaked } from './pages/soak.js'
import { post, startJar, type Server } from './programs.js'
import type { Options, Result } from './report.js'

const PER_SECOND = 1_000
const TEXT = 'x'.repeat(100)
/** Publications are posted together that come due within so many milliseconds. */
const POST_MS = 20

interface Minute extends Soaked {
  readonly heap: number
  readonly published: number
}

/** The heap of a page that shows a channel with 1,000 messages per second, minute by minute. */
export async function soak({ minutes = 10 }: Options): Promise<Result> {
  const server = await startJar()
  const pages = await Pages.start()
  try {
    const { page, errors, close } = await pages.open('soak.tsx', { url: `ws://127.0.0.1:${server.port}/` })
    await page.waitForFunction(() => document.title === 'active')
    const drip = new Dripper(server)
    const samples = [await sample(page, 0)]
    for (let minute = 1; minute <= minutes; minute++) {
      await drip.until(minute * 60 * PER_SECOND)
      samples.push(await sample(page, drip.published))
    }
    await close()
    const [second, last] = [samples[2] ?? samples[1], samples.at(-1)]
    return {
      notes: [
        `Chromium ${pages.version}, headless; \`useSubscription\` with the newest 100 in a list, and one that counts by \`reduce\`, both with \`batch: 'frame'\``,
        `${PER_SECOND} messages per second with 100 characters of text; JSHeapUsedSize after a forced collection`,
        `Heap of the last minute ÷ that of the second: ${((last?.heap ?? NaN) / (second?.heap ?? NaN)).toFixed(3)}; errors of the page: ${errors.length}`,
      ],
      tables: [{ title: `${minutes} minutes at ${PER_SECOND} messages per second`, rows: samples.map(row) }],
      samples,
    }
  } finally {
    await Promise.all([pages.close(), server.kill()])
  }
}

function row(
  { heap, published, counted, gaps, commits, frames }: Minute,
  minute: number,
): Record<string, string | number> {
  return {
    minute,
    'heap, kB': Math.round(heap / 1_000).toLocaleString('en'),
    published: published.toLocaleString('en'),
    'counted by the page': counted.toLocaleString('en'),
    gaps,
    'commits of the list': commits.toLocaleString('en'),
    frames: frames.toLocaleString('en'),
  }
}

async function sample(page: Page, published: number): Promise<Minute> {
  await page.waitForFunction((count) => (window as unknown as { soaked: Soaked }).soaked.counted === count, published)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  await devtools.detach()
  const soaked = await page.evaluate(() => (window as unknown as { soaked: Soaked }).soaked)
  return { ...soaked, published, heap: metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN }
}

/** Publishes at a steady rate. */
class Dripper {
  published = 0
  readonly #server: Server

  constructor(server: Server) {
    this.#server = server
  }

  /** Goes on until so many have been published. */
  async until(total: number): Promise<void> {
    const [begin, first] = [performance.now(), this.published]
    while (this.published < total) {
      await pause(POST_MS)
      const due = first + Math.floor(((performance.now() - begin) / 1_000) * PER_SECOND)
      const data = []
      // As many as one request may bring
      while (this.published < Math.min(due, total) && data.length < 1_000)
        data.push({ n: this.published++, text: TEXT })
      if (data.length > 0) await post(this.#server, 'soak', data)
    }
  }
}
