import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, fresh } from './harness/eventually.js'
import { test } from './harness/world.js'
import type { Drop } from './pages/flood.js'

const PER_SECOND = 5_000
/** `FLOOD_SECONDS=10` for the whole of it. */
const SECONDS = Number(process.env.FLOOD_SECONDS ?? 3)
/** Where there are no frames for so long, a timer takes their place. */
const NO_FRAME_MS = 250
/** Of a publication, which has much more than that. */
const BYTES_KEPT = 100

const text = 'x'.repeat(200)

test('5,000 messages per second: all in order, no more commits than frames, and nothing is kept', async ({ world }) => {
  const channel = fresh()
  // A page that does not keep up for a moment shall find all of it in the history, of which 1,000 would be a fifth of a second
  const server = await world.server({ history: { size: 100_000, bytes: 67_108_864 } })
  const url = `ws://127.0.0.1:${await server.port}/`
  const page = await world.open('flood', { query: { url, channel } })
  await eventually(
    () => page.evaluate(() => window.flood.state),
    (state) => state === 'active',
  )
  const source = await Source.open(url, channel)
  const counted = (count: number): Promise<unknown> =>
    eventually(
      () => page.evaluate(() => window.flood),
      ({ counted: seen }) => seen.count >= count,
    )

  // Warm: what is allocated once is there.
  const warm = PER_SECOND
  await source.flow(warm)
  await counted(warm)
  const before = await heap(page)
  await page.evaluate(() => window.flood.begin())
  const total = warm + SECONDS * PER_SECOND
  await source.flow(total)
  await counted(total)
  const after = await heap(page)
  source.close()

  const { counted: seen, gaps, isListWhole } = await page.evaluate(() => window.flood)
  expect({ ...seen, gaps, isListWhole }).toEqual({ count: total, astray: 0, gaps: 0, isListWhole: true })

  const { commits, frames, ms } = await page.evaluate(() => {
    const { commits, frames, since } = window.flood
    return { commits, frames, ms: performance.now() - since }
  })
  for (const count of Object.values(commits)) {
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(frames + ms / NO_FRAME_MS + 1)
  }
  expect((after - before) / (total - warm)).toBeLessThan(BYTES_KEPT)
})

/** Publishes numbered data at a steady rate, or as fast as it is answered when that is less. */
class Source {
  readonly #socket: WebSocket
  readonly #channel: string
  #sent = 0
  #answered = 0

  private constructor(socket: WebSocket, channel: string) {
    this.#socket = socket
    this.#channel = channel
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string' && data.includes('"duplicate":false')) this.#answered++
    }
  }

  static async open(url: string, channel: string): Promise<Source> {
    const socket = new WebSocket(url)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new Source(socket, channel)
  }

  /** Goes on until so many have been published. */
  async flow(total: number): Promise<void> {
    const begin = performance.now()
    const first = this.#sent
    while (this.#sent < total) {
      await pause(10)
      const due = first + ((performance.now() - begin) / 1_000) * PER_SECOND
      while (this.#sent < Math.min(due, total, this.#answered + PER_SECOND)) this.#send({ n: this.#sent++, text })
    }
    await eventually(
      () => this.#answered,
      (answered) => answered === total,
    )
  }

  close(): void {
    this.#socket.close()
  }

  #send(data: Drop): void {
    this.#socket.send(JSON.stringify({ type: 'broadcast', channel: this.#channel, messageId: `m${data.n}`, data }))
  }
}

/** Bytes that are in use after everything that is not was thrown away. */
async function heap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  await devtools.detach()
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN
}
