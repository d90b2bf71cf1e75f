import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { find, JAR } from './programs.js'

const STARTED = /server started .* port=(\d+) apiPort=(\d+)/

/** Of the environment, a server gets what is not about servers. */
const OURS = /^(BROADCAST_.*|PORT|WORKERS|NODE_ENV|CORS_ORIGIN|REDIS_URL)$/

const CONFIG = {
  host: '127.0.0.1',
  port: 0,
  workers: 1,
  // A browser on a busy machine is not dead because it answers late
  heartbeat: { intervalMs: 2_000, timeoutMs: 2_000 },
  api: { port: 0 },
  limits: { broadcastsPerMinute: 0, commandsPerSecond: 0 },
  presence: { lingerMs: 200 },
  session: { reconnectSpreadMs: 100 },
  shutdown: { spreadMs: 500, deadlineMs: 2_000 },
}

/** The built server as a process of its own. */
export class ServerProcess {
  /** The port where WebSockets connect; rejects when the server ends before it has one. */
  readonly port: Promise<number>
  readonly ended: Promise<unknown>
  readonly #process: ChildProcess

  /** @param config keys of the configuration that differ from that of the tests */
  constructor(config: object = {}) {
    const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-jar', JAR]
    const environment = Object.entries(process.env).filter(([name]) => !OURS.test(name))
    this.#process = spawn(find('java') ?? '', [...options, '--conf', JSON.stringify({ ...CONFIG, ...config })], {
      env: Object.fromEntries(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = once(this.#process, 'exit')
    this.port = this.#awaitStart()
  }

  /** Dies without a word, as by kill -9. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended
  }

  /** Is asked to stop, as by an orchestrator. */
  terminate(): void {
    this.#process.kill('SIGTERM')
  }

  #awaitStart(): Promise<number> {
    let output = ''
    return new Promise((resolve, reject) => {
      for (const stream of [this.#process.stdout, this.#process.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text
          const port = STARTED.exec(output)?.[1]
          if (port !== undefined) resolve(Number(port))
        })
      }
      void this.ended.then(() => reject(new Error(`the server has ended, it printed:\n${output}`)))
    })
  }
}
