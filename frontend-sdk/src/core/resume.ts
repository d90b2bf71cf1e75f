import { isPassing } from './asks.js'
import type { Channel } from './channel.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import { refusal } from './protocol.js'
import type { Position } from './types.js'

/** What one channel takes in a resume, generously: the longest name and an epoch, which are ASCII, and an offset. */
const BYTES_EACH = 400

/**
 * Tells a new link of all channels: those with a position in one resume, or a few when one might be larger than the server takes,
 * the others by a subscribe each.
 */
export function resume(env: Environment, link: Link): void {
  const batch: [Channel, Position][] = []
  for (const channel of env.channels.values()) {
    const position = channel.opened()
    if (position !== null) {
      batch.push([channel, position])
    }
  }
  while (batch.length > 0) {
    send(env, link, batch.splice(0, Math.max(1, link.maxMessageBytes / BYTES_EACH)))
  }
  for (const channel of env.channels.values()) {
    channel.sync()
  }
}

function send(env: Environment, link: Link, batch: readonly [Channel, Position][]): void {
  const positions = Object.fromEntries(batch.map(([{ name }, position]) => [name, position]))
  link.request({ type: 'resume', positions }, (answer) => {
    if (env.link !== link) {
      return
    }
    for (const [{ name, answered }, position] of batch) {
      if (!(answer instanceof BroadcastError)) {
        answered(answer.subscriptions?.[name] ?? refusal(answer.refused?.[name], name), position)
      } else {
        // Perhaps it was refused for another channel
        answered(isPassing(answer) ? answer : null, position)
      }
    }
  })
}
