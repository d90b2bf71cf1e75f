import { setTimeout as pause } from 'node:timers/promises'
import { Pages } from './chromium.js'
import { Gate } from './gate.js'
import type { Measured } from './pages/measure.js'
import { post, startJar, type Server } from './programs.js'
import { ratios, spread, type Options, type Result } from './report.js'

const COUNT = 2_000
const TEXT = 'x'.repeat(100)
const BASELINE = 'last-message'

/** Variants of pages/burst.tsx. */
const VARIANTS = {
  frame: "ours, `batch: 'frame'` (the default)",
  microtask: "ours, `batch: 'microtask'`",
  [BASELINE]: 'react-use-websocket, `lastJsonMessage` and an effect, as in its README',
  'on-message': 'react-use-websocket, `onMessage` and `useState`',
  append: 'by hand, `useState` and append',
  'keep-last': 'by hand, `useState` of the last message',
} as const

type Variant = keyof typeof VARIANTS

/** 2,000 publications that reach a page in one piece, as after a stall; for each library a page that shows them. */
export async function burst({ rounds = 7 }: Options): Promise<Result> {
  const names = Object.keys(VARIANTS) as Variant[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Variant, Measured[]>
  const server = await startJar()
  const pages = await Pages.start()
  try {
    // The first round warms up the server and the disk cache, and does not count
    for (let round = 0; round <= rounds; round++) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const measured = await one(pages, server, name)
        if (round > 0) samples[name].push(measured)
      }
    }
  } finally {
    await Promise.all([pages.close(), server.kill()])
  }
  const of = (name: Variant, figure: keyof Measured): number[] => samples[name].map((measured) => measured[figure])
  return {
    notes: [
      `Chromium ${pages.version}, headless; React 19.3, its production build that measures`,
      `${COUNT} publications with 100 characters of text from the same server, held back by a proxy and released in one piece; ours speaks broadcast.v1, the others are plain clients, which get the same frames`,
      `Median (least–most) of ${rounds} rounds, in turn and back; ratios round by round`,
    ],
    tables: [
      {
        title: `A burst of ${COUNT} messages`,
        rows: names.map((name) => ({
          page: VARIANTS[name],
          commits: spread(of(name, 'commits')),
          'ms from the first frame to the DOM that shows the last': spread(of(name, 'ms')),
          '÷ react-use-websocket': spread(ratios(of(name, 'ms'), of(BASELINE, 'ms')), 2),
          'messages that the component saw': spread(of(name, 'seen')),
          'errors of the page': spread(of(name, 'errors')),
        })),
      },
    ],
    samples,
  }
}

async function one(pages: Pages, server: Server, variant: Variant): Promise<Measured> {
  const gate = new Gate()
  await gate.open(server.port)
  const { page, errors, close } = await pages.open('burst.tsx', { url: gate.url, variant, count: String(COUNT) })
  try {
    await page.waitForFunction(() => document.title === 'subscribed')
    gate.hold()
    const items = Array.from({ length: COUNT }, (_, n) => ({ n, text: TEXT }))
    for (let from = 0; from < COUNT; from += 1_000) await post(server, 'burst', items.slice(from, from + 1_000))
    while (!gate.held.includes(`"n":${COUNT - 1},`)) await pause(5)
    gate.release()
    const measured = await page.waitForFunction(() => (window as { measured?: unknown }).measured)
    return { ...((await measured.jsonValue()) as Omit<Measured, 'errors'>), errors: errors.length }
  } finally {
    await close()
    await gate.shut()
  }
}
