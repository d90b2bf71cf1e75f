import type { SocketLike } from '../../src/core/types.js'
import { FakeClock, TestServer, type TestConnection } from '../../src/testing/index.js'
import { fill, fillText, mismatch, type Bindings, type JsonObject } from './pattern.js'
import type { Scenario, Step } from './scenario.js'

const DEADLINE_MS = 10_000
const PATIENCE_MS = 50
const WELCOME: JsonObject = { type: 'ack', '...': true }

/** What a client of a scenario has seen. */
interface Player {
  readonly socket: SocketLike & { readonly protocol: string }
  readonly frames: string[]
  closed: number | undefined
  connection: TestConnection | undefined
}

/** Plays the steps of a scenario against a server in memory. */
export class ScenarioRunner {
  readonly #clock = new FakeClock(1_767_225_600_000)
  readonly #server: TestServer
  readonly #players = new Map<string, Player>()
  readonly #bindings: Bindings = new Map()

  constructor({ config }: Scenario) {
    const { history, limits, presence, heartbeat } = config
    const options = {
      historySize: history?.size,
      maxChannels: limits?.channelsPerConnection,
      maxMessageBytes: limits?.messageBytes,
      presenceLingerMs: presence?.lingerMs,
      infoBytes: presence?.infoBytes,
      heartbeatMs: heartbeat?.intervalMs,
      heartbeatTimeoutMs: heartbeat?.timeoutMs,
    }
    const given = Object.entries(options).filter(([, value]) => value !== undefined)
    this.#server = new TestServer({ clock: this.#clock, ...Object.fromEntries(given) })
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const [i, step] of steps.entries()) {
      try {
        await this.#play(step)
      } catch (failure) {
        throw new Error(`step ${i + 1} ${JSON.stringify(step)}: ${(failure as Error).message}`, { cause: failure })
      }
    }
  }

  async #play(step: Step): Promise<void> {
    if (step.connect !== undefined) await this.#connect(step.connect, step)
    else if (step.send !== undefined) this.#player(step).socket.send(JSON.stringify(fill(step.send, this.#bindings)))
    else if (step.sendText !== undefined) this.#player(step).socket.send(step.sendText)
    else if (step.expect !== undefined) await this.#expect(this.#player(step), step.expect)
    else if (step.expectAll !== undefined) await this.#expectAll(this.#player(step), step.expectAll)
    else if (step.closed !== undefined) await this.#closed(this.#player(step), step.closed)
    else if (step.close !== undefined) this.#player(step).socket.close(step.close)
    else if (step.cut === true) this.#player(step).connection?.drop()
    else if (step.stop === true) this.#server.drain(0, 2_000)
    else throw new Error('this step is not known here')
    await this.#clock.advance(0)
  }

  async #connect(name: string, step: Step): Promise<void> {
    const url = new URL(fillText(step.path ?? '/', this.#bindings), this.#server.url).href
    const socket = new this.#server.WebSocket(url, [...(step.subprotocols ?? [])]) as Player['socket']
    const player: Player = { socket, frames: [], closed: undefined, connection: undefined }
    socket.onmessage = ({ data }) => player.frames.push(String(data))
    socket.onclose = ({ code }) => (player.closed = code)
    this.#players.get(name)?.socket.close()
    this.#players.set(name, player)
    await this.#clock.advance(0)
    player.connection = this.#server.connections.at(-1)
    if (step.subprotocol !== undefined && socket.protocol !== step.subprotocol) {
      throw new Error(`the subprotocol is "${socket.protocol}"`)
    }
    await this.#expect(player, step.welcome ?? WELCOME)
  }

  async #expect(player: Player, pattern: JsonObject): Promise<void> {
    const text = await this.#next(player, pattern.type === 'ping')
    const found = mismatch(pattern, text, this.#bindings)
    if (found !== undefined) throw new Error(`${found} in ${text}`)
  }

  async #expectAll(player: Player, patterns: readonly JsonObject[]): Promise<void> {
    const missing = [...patterns]
    while (missing.length > 0) {
      const text = await this.#next(player, false)
      const found = missing.findIndex((pattern) => mismatch(pattern, text, this.#bindings) === undefined)
      if (found < 0) throw new Error(`${text} is none of ${JSON.stringify(missing)}`)
      missing.splice(found, 1)
    }
  }

  async #closed(player: Player, code: number): Promise<void> {
    await this.#until(() => player.closed !== undefined)
    if (player.closed !== code) throw new Error(`it was closed with ${player.closed}`)
  }

  async #next(player: Player, isPing: boolean): Promise<string> {
    for (;;) {
      await this.#until(() => player.frames.length > 0)
      const text = player.frames.shift() ?? ''
      if (isPing || (JSON.parse(text) as JsonObject).type !== 'ping') return text
    }
  }

  async #until(condition: () => boolean): Promise<void> {
    for (let waited = 0; !condition(); waited += PATIENCE_MS) {
      if (waited > DEADLINE_MS) throw new Error('nothing came within the deadline')
      await this.#clock.advance(PATIENCE_MS)
    }
  }

  #player({ on = 'a' }: Step): Player {
    const player = this.#players.get(on)
    if (player === undefined) throw new Error(`nobody is called ${on}`)
    return player
  }
}
