import { pause } from './clock.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Answer } from './link.js'
import type { AckData, Command } from './protocol.js'

/** The pause before a command is repeated when the server does not say how long, in milliseconds. */
export const REPEAT_MS = 1_000

/** Questions that change nothing: they wait for a connection, and are asked again when it is lost before the answer. */
export interface Asks {
  /** How many wait for their answer. */
  readonly size: number
  /** The data of the ack. Rejects with a {@link BroadcastError}, also when there was no connection for too long. */
  readonly ask: (command: Command) => Promise<AckData>
  /** As {@link ask}, but goes on through everything that passes, as long as `wanted` says so. */
  readonly insist: (command: Command, wanted: () => boolean) => Promise<AckData>
  /** There is a link: everything is asked on it. */
  readonly opened: () => void
  /** There will be no link. */
  readonly fail: (error: BroadcastError) => void
}

export function createAsks(env: Environment): Asks {
  /** How to send a question, by how to settle it. */
  const open = new Map<(answer: Answer) => void, () => void>()

  const ask = (command: Command): Promise<AckData> =>
    new Promise((resolve, reject) => {
      if (env.closed !== null) {
        reject(env.closed)
        return
      }
      const timer = env.timer()
      const settle = (answer: Answer): void => {
        timer.clear()
        if (!open.delete(settle)) {
          return
        }
        if (answer instanceof BroadcastError) {
          reject(answer)
        } else {
          resolve(answer)
        }
        env.changed()
      }
      const send = (): void => {
        env.link?.request(command, (answer) => {
          if (!isLost(answer)) {
            settle(answer)
          }
        })
      }
      open.set(settle, send)
      timer.set(env.answerTimeoutMs, () => {
        settle(new BroadcastError('timeout', `no answer within ${env.answerTimeoutMs} ms: try again`))
      })
      send()
      env.changed()
    })

  return {
    get size() {
      return open.size
    },
    ask,
    async insist(command, wanted) {
      for (;;) {
        try {
          return await ask(command)
        } catch (error) {
          const reason = error as BroadcastError
          if (!wanted() || !isPassing(reason)) {
            throw reason
          }
          await pause(env, reason.retryAfterMs ?? REPEAT_MS)
        }
      }
    },
    opened() {
      for (const send of open.values()) {
        send()
      }
    },
    fail(error) {
      for (const settle of [...open.keys()]) {
        settle(error)
      }
    },
  }
}

export function isLost(answer: Answer): boolean {
  return answer instanceof BroadcastError && answer.code === 'connection-lost'
}

/** Whether the same may go well later. */
export function isPassing({ code }: BroadcastError): boolean {
  return ['rate-limited', 'unavailable', 'timeout', 'connection-lost'].includes(code)
}
