import { build } from 'esbuild'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { findBrowser } from '../test/contract/programs.js'

/** Chromium of this machine, without a window, and the pages of this folder in it. */
export class Pages {
  readonly #browser: Browser
  readonly #bundles = new Map<string, Promise<string>>()

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async start(): Promise<Pages> {
    const executablePath = findBrowser()
    if (executablePath === null) throw new Error('install Chromium first')
    // --enable-precise-memory-info: heap figures that are not rounded
    return new Pages(await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-precise-memory-info'] }))
  }

  get version(): string {
    return this.#browser.version()
  }

  /** Runs a file of `pages/` as the script of an empty page, with the query as given. */
  async open(file: string, query: Readonly<Record<string, string>>): Promise<OpenPage> {
    const script = await this.#bundle(file)
    const server = createServer((request, response) => {
      const isScript = request.url === '/script.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
      response.end(
        isScript
          ? script
          : '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/script.js"></script>',
      )
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const page = await this.#browser.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/?${new URLSearchParams(query).toString()}`)
    return {
      page,
      errors,
      close: async () => {
        await page.close()
        server.close()
      },
    }
  }

  async close(): Promise<void> {
    await this.#browser.close()
  }

  /** As for production, but with the build of React that measures. */
  #bundle(file: string): Promise<string> {
    const bundle =
      this.#bundles.get(file) ??
      build({
        entryPoints: [fileURLToPath(new URL(`pages/${file}`, import.meta.url))],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        jsx: 'automatic',
        alias: { 'react-dom/client': 'react-dom/profiling' },
        define: { 'process.env.NODE_ENV': '"production"' },
        write: false,
        logLevel: 'error',
      }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
    this.#bundles.set(file, bundle)
    return bundle
  }
}

export interface OpenPage {
  readonly page: Page
  /** What it threw, or printed as an error. */
  readonly errors: readonly string[]
  readonly close: () => Promise<void>
}
