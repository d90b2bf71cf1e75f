import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const JAR = fileURLToPath(new URL('../../../target/broadcast-socket.jar', import.meta.url))
const STARTED = /server started .* port=(\d+) apiPort=(\d+)/
const DEADLINE_MS = 30_000
/** Of the environment, a server gets what is not about servers. */
const OURS = /^(BROADCAST_.*|PORT|WORKERS|NODE_ENV|CORS_ORIGIN|REDIS_URL)$/

const CONFIG = {
  host: '127.0.0.1',
  port: 0,
  workers: 1,
  api: { port: 0 },
  limits: { broadcastsPerMinute: 0, commandsPerSecond: 0 },
  presence: { lingerMs: 200 },
  session: { reconnectSpreadMs: 100 },
  shutdown: { spreadMs: 500, deadlineMs: 2_000 },
}

/** A program of the machine, or null when it is not installed; then it says so loudly, and fails where everything must be there. */
export function find(name: string): string | null {
  const directories = [
    process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin'),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  const found = directories.map((directory) => join(directory ?? '', name)).find((path) => existsSync(path))
  return found ?? missing(name)
}

/** Why there is no server to test against, or null when there is one. */
export function canStart(): boolean {
  if (!existsSync(JAR)) missing(`${JAR} (mvn package)`)
  return existsSync(JAR) && find('java') !== null
}

function missing(what: string): null {
  if (process.env.CI === 'true') throw new Error(`${what} must be there in CI`)
  console.warn(`NOTICE: there is no ${what}, so tests against the real server do not run`)
  return null
}

/** The built server as a process of its own. */
export class ServerProcess {
  readonly #process: ChildProcess
  #output = ''
  #ended = false

  /** @param config keys of the configuration that differ from that of the tests */
  constructor(config: object = {}) {
    const kept = Object.entries(process.env).filter(([name]) => !OURS.test(name))
    const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-jar', JAR]
    this.#process = spawn(find('java') ?? 'java', [...options, '--conf', JSON.stringify({ ...CONFIG, ...config })], {
      env: Object.fromEntries(kept),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    }
    this.#process.on('exit', () => (this.#ended = true))
  }

  /** The port where WebSockets connect; waits for it. */
  port(): Promise<number> {
    return vi.waitFor(
      () => {
        const found = STARTED.exec(this.#output)
        if (found === null) throw new Error(`the server did not start, it printed:\n${this.#output}`)
        return Number(found[1])
      },
      { timeout: DEADLINE_MS, interval: 20 },
    )
  }

  /** Dies without a word, as by kill -9. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended()
  }

  /** Is asked to stop, as by an orchestrator. */
  terminate(): void {
    this.#process.kill('SIGTERM')
  }

  async ended(): Promise<void> {
    await vi.waitUntil(() => this.#ended, { timeout: DEADLINE_MS, interval: 20 })
  }
}
