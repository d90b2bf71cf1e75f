import { chromium, type Browser, type BrowserContext, type ConsoleMessage, type Page } from 'playwright-core'
import { expect, inject, test as base } from 'vitest'
import { ServerProcess } from '../../contract/server-process.js'
import { TcpProxy } from '../../contract/tcp-proxy.js'
import type { Stage } from './setup.js'

export interface OpenOptions {
  /** Of the page's address. */
  readonly query?: Readonly<Record<string, string>>
  /** A Content-Security-Policy in place of the strict one. */
  readonly csp?: string
  /** Over https, with a certificate that the browser is told to accept. */
  readonly secure?: boolean
}

/** What one test has: tabs of one browser profile, servers, proxies. All of it ends with the test. */
export class World {
  readonly stage: Stage
  readonly context: BrowserContext
  /** Errors and warnings of all pages. */
  readonly problems: string[] = []
  readonly #servers: ServerProcess[] = []
  readonly #proxies: TcpProxy[] = []
  readonly #expected: RegExp[] = []

  constructor(stage: Stage, context: BrowserContext) {
    this.stage = stage
    this.context = context
  }

  /** The address of the server that all tests share. */
  get serverUrl(): string {
    return `ws://127.0.0.1:${this.stage.serverPort}/`
  }

  /** A server of the test's own; configuration as for {@link ServerProcess}. */
  async server(config: object = {}): Promise<ServerProcess> {
    const server = new ServerProcess(config)
    this.#servers.push(server)
    await server.port
    return server
  }

  /** A proxy, before the server that all tests share unless another port is given. */
  async proxy(target = this.stage.serverPort): Promise<{ proxy: TcpProxy; url: string }> {
    const proxy = new TcpProxy()
    this.#proxies.push(proxy)
    proxy.target = target
    return { proxy, url: await proxy.listen() }
  }

  /** Publishes over HTTP, on the server that all tests share unless another port is given; resolves when it is in the log. */
  async publish(channel: string, data: unknown, port = this.stage.serverPort): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${port}/broadcast`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel, data }),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }

  /** Opens a page of `pages` in a tab of its own. Errors in it that are not {@link expects expected} fail the test. */
  async open(name: string, { query = {}, csp, secure = false }: OpenOptions = {}): Promise<Page> {
    const page = await this.context.newPage()
    page.on('pageerror', (error) => this.#note(`${name}: ${error.stack ?? error.message}`))
    page.on('crash', () => this.#note(`${name}: the page has crashed`))
    page.on('console', (message) => this.#listen(name, message))
    const search = new URLSearchParams({ ...query, ...(csp === undefined ? {} : { csp }) })
    await page.goto(`${secure ? this.stage.securePages : this.stage.pages}/${name}?${search}`)
    return page
  }

  /** Errors and warnings on the console that belong to the test. A browser tells of each socket that comes to nothing. */
  expects(...patterns: readonly RegExp[]): void {
    this.#expected.push(...patterns)
  }

  async end(): Promise<void> {
    await this.context.close()
    await Promise.all(this.#proxies.map((proxy) => proxy.close()))
    await Promise.all(this.#servers.map((server) => server.kill()))
    expect(this.problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)))).toEqual([])
  }

  #listen(name: string, message: ConsoleMessage): void {
    if (['error', 'warning', 'assert'].includes(message.type())) this.#note(`${name}: ${message.text()}`)
  }

  #note(problem: string): void {
    this.problems.push(problem)
  }
}

/** What Chromium writes on the console of a page whose socket came to nothing. */
export const SOCKET_FAILED = /WebSocket connection to .* failed/

const stage = inject('stage')

const extended = base.extend<{ browser: Browser; world: World }>({
  browser: [
    async ({}, use) => {
      const browser = await chromium.connect(required().browser)
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  world: async ({ browser }, use) => {
    const world = new World(required(), await browser.newContext({ ignoreHTTPSErrors: true }))
    await use(world)
    await world.end()
  },
})

/** A test in a real browser; skipped where there is none, which has been said by then. */
export const test = extended.skipIf(stage === null)

function required(): Stage {
  if (stage === null) throw new Error('there is no browser')
  return stage
}
