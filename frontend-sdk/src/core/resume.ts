import { isPassing } from './asks.js'
import type { Channel } from './channel.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import { refusal } from './protocol.js'
import type { Position } from './types.js'

/** What a resume takes besides its positions, generously. */
const RESUME_BYTES = 256

/**
 * Tells a new link of all channels: those with a position in one resume, or a few when one would be larger than the server takes,
 * the others by a subscribe each.
 */
export function resume(env: Environment, link: Link, channels: readonly Channel[]): void {
  let batch: [Channel, Position][] = []
  let bytes = RESUME_BYTES
  for (const channel of channels) {
    channel.opened()
    const position = channel.resumable
    if (position !== null) {
      // Names and epochs that the server has accepted are ASCII
      const size = JSON.stringify({ [channel.name]: position }).length
      if (bytes + size > link.maxMessageBytes) {
        send(env, link, batch)
        batch = []
        bytes = RESUME_BYTES
      }
      batch.push([channel, position])
      bytes += size
    }
  }
  send(env, link, batch)
  for (const { registration } of channels) {
    registration.sync()
  }
}

function send(env: Environment, link: Link, batch: readonly [Channel, Position][]): void {
  if (batch.length === 0) {
    return
  }
  const outcomes = batch.map(([{ name, registration }, position]) => [name, registration.resuming(position)] as const)
  const positions = Object.fromEntries(batch.map(([{ name }, position]) => [name, position]))
  link.request({ type: 'resume', positions }, (answer) => {
    if (env.link !== link) {
      return
    }
    for (const [name, tell] of outcomes) {
      if (answer instanceof BroadcastError) {
        // Perhaps it was refused for another channel
        tell(isPassing(answer) ? answer : null)
      } else {
        tell(answer.subscriptions?.[name] ?? refusal(answer.refused?.[name], name))
      }
    }
  })
}
