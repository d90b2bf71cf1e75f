import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { vi } from 'vitest'
import { freePort } from './free-port.js'
import { find } from './programs.js'

/** A redis-server on a free port of loopback that stores nothing on disk. */
export class RedisProcess {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(program: string, port: number) {
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' }
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    this.url = `redis://127.0.0.1:${port}`
    this.#process = spawn(program, options, { stdio: 'ignore' })
  }

  static async start(): Promise<RedisProcess> {
    const port = await freePort()
    const redis = new RedisProcess(find('redis-server') ?? '', port)
    await vi.waitFor(() => accepts(port), { timeout: 10_000, interval: 20 })
    return redis
  }

  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}
