import { expect } from 'vitest'
import { createClient } from '../../src/index.js'
import type { BroadcastError, Client, ClientOptions, Gap, Message } from '../../src/index.js'
import { FakeClock, TestServer } from '../../src/testing/index.js'
import type { TestServerOptions } from '../../src/testing/index.js'

/** A server, a clock, and clients whose random is the middle. */
export class World {
  readonly clock = new FakeClock(1_000_000)
  readonly server: TestServer
  readonly errors: BroadcastError[] = []

  constructor(options: TestServerOptions = {}) {
    this.server = new TestServer({ clock: this.clock, ...options })
  }

  client(options: Partial<ClientOptions> = {}): Client {
    return createClient({
      url: this.server.url,
      WebSocket: this.server.WebSocket,
      clock: this.clock,
      random: () => 0.5,
      onError: (error) => this.errors.push(error),
      ...options,
    })
  }

  /** Lets everything that is on its way arrive. */
  settle(): Promise<void> {
    return this.clock.advance(0)
  }

  /** Commands of a type, in the order in which they were sent. */
  sent(type: string): readonly (typeof this.server.commands)[number][] {
    return this.server.commands.filter((command) => command.type === type)
  }
}

/** What a subscriber was told, as words: `1`, or `gap 2-3 trimmed`. */
export class Log {
  readonly lines: string[] = []
  readonly messages: Message[] = []
  readonly gaps: Gap[] = []

  readonly onMessage = (message: Message): void => {
    this.messages.push(message)
    this.lines.push(JSON.stringify(message.data))
  }

  readonly onGap = (gap: Gap): void => {
    this.gaps.push(gap)
    this.lines.push(`gap ${gap.from}-${gap.to} ${gap.reason}`)
  }
}

/** Waits for a rejection and gives its code. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => expect.fail('it did not reject'),
    (reason: unknown) => reason,
  )
  return (error as BroadcastError).code
}
