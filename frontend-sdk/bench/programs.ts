import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../test/contract/free-port.js'
import { hasServer } from '../test/contract/programs.js'
import { ServerProcess } from '../test/contract/server-process.js'

/** A server as a process of its own. */
export interface Server {
  /** Where clients connect. */
  readonly port: number
  /** Where publications are posted. */
  readonly api: number
  kill(): Promise<void>
}

/** The built jar, with defaults for all that clients see, but a history that has all of a burst; pages of any origin may connect. */
export async function startJar(): Promise<Server> {
  if (!hasServer()) throw new Error('build the server first: mvn package -DskipTests')
  const api = await freePort()
  const server = new ServerProcess({
    api: { port: api },
    heartbeat: {},
    presence: {},
    session: {},
    cors: { origins: ['*'] },
    history: { size: 100_000, bytes: 67_108_864 },
  })
  return { port: await server.port, api, kill: () => server.kill() }
}

/** A socket.io server with rooms and connection state recovery. */
export async function startSocketIo(): Promise<Server> {
  const port = await freePort()
  const program = fileURLToPath(new URL('socket-io-server.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.race([once(child.stdout, 'data'), failed(child)])
  return {
    port,
    api: port,
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Publications of one channel, in this order; resolves when the server has them. */
export async function post(server: Server, channel: string, data: readonly unknown[]): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${server.api}/broadcast`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data.map((item) => ({ channel, data: item }))),
  })
  if (!response.ok) throw new Error(`publishing was answered with ${response.status}: ${await response.text()}`)
  await response.arrayBuffer()
}

async function failed(child: ChildProcess): Promise<never> {
  await once(child, 'exit')
  throw new Error('the socket.io server has ended')
}
