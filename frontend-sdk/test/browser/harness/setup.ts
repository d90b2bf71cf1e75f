import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { findBrowser, hasServer } from '../../contract/programs.js'
import { ServerProcess } from '../../contract/server-process.js'
import { buildPages } from './page-build.js'
import { PageServer } from './page-server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** What all test files share, or null where something is missing for it. */
    readonly stage: Stage | null
  }
}

export interface Stage {
  /** Where playwright reaches the browser. */
  readonly browser: string
  /** Of the pages of `pages`, over http and https, without a slash at the end. */
  readonly pages: string
  readonly securePages: string
  /** Of a server that no test stops. */
  readonly serverPort: number
}

/** Starts one browser, one server and the test pages for all files. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const executablePath = findBrowser()
  if (!hasServer() || executablePath === null) {
    provide('stage', null)
    return async () => undefined
  }
  const ends: (() => Promise<unknown>)[] = []
  const end = async (): Promise<void> => {
    await Promise.all(ends.splice(0).map((each) => each()))
  }
  try {
    const server = new ServerProcess()
    ends.push(() => server.kill())
    const pages = new PageServer(await buildPages())
    ends.push(() => pages.close())
    // No sandbox, since containers often forbid what it needs; all pages are our own
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--enable-precise-memory-info']
    const browser = await chromium.launchServer({ executablePath, args })
    ends.push(() => browser.close())
    provide('stage', {
      browser: browser.wsEndpoint(),
      pages: await pages.listen(),
      securePages: await pages.listenSecurely(),
      serverPort: await server.port,
    })
    return end
  } catch (error) {
    await end()
    throw error
  }
}
