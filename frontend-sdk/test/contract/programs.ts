import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the build makes of the server, or the one that the environment names. */
export const JAR =
  process.env.SERVER_JAR ?? fileURLToPath(new URL('../../../target/broadcast-socket.jar', import.meta.url))

/** A program of the machine, or null when it is not installed. */
export function find(name: string): string | null {
  const home = process.env.JAVA_HOME
  const directories = [...(home === undefined ? [] : [join(home, 'bin')]), ...(process.env.PATH ?? '').split(delimiter)]
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path)) ?? null
}

/** Whether there is a server to test against. Where there must be one, which is where `CI=true`, it fails without. */
export function hasServer(): boolean {
  const isThere = existsSync(JAR) && find('java') !== null
  if (!isThere && process.env.CI === 'true') throw new Error(`${JAR} and java must be there in CI`)
  return isThere || missing(`${JAR} (mvn package), or no java`, 'the real server')
}

/** Where Chromium or Chrome is, or null. Where there must be one, which is where `CI=true`, it fails without. */
export function findBrowser(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const path = names.map(find).find((found) => found !== null)
  if (path !== undefined) return path
  if (process.env.CI === 'true') throw new Error(`one of ${names.join(', ')} must be there in CI`)
  missing(names.join(' or '), 'a real browser')
  return null
}

/** Whether there is a Redis; CI has one in the tests of the server. */
export function hasRedis(): boolean {
  return find('redis-server') !== null || missing('redis-server', 'nodes that share a Redis')
}

function missing(what: string, subject: string): false {
  console.warn(`NOTICE: there is no ${what}, so tests against ${subject} do not run`)
  return false
}
