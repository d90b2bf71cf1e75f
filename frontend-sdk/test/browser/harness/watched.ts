import type { Page } from 'playwright-core'
import type { World } from './world.js'

/** Opens an address in a window of its own; what goes wrong in it, or is said on its console, is a problem of the test. */
export async function openAt(world: World, url: string, tolerated = /^$/): Promise<Page> {
  const page = await world.context.newPage()
  const note = (problem: string) => {
    if (!tolerated.test(problem)) world.problems.push(problem)
  }
  page.on('pageerror', ({ message }) => note(message))
  page.on('console', (message) => note(`${message.type()} ${message.text()}`))
  page.on('requestfailed', (request) => note(`no answer to ${request.url()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) note(`asks ${request.url()}`)
  })
  await page.goto(url)
  return page
}
