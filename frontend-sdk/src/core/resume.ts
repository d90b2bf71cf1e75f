import type { Channel } from './channel.js'
import { BroadcastError } from './errors.js'
import type { Link } from './link.js'
import { isObject, refusal } from './protocol.js'
import type { Welcome } from './protocol.js'
import type { Position } from './types.js'

/** What a resume takes besides its positions, generously. */
const RESUME_BYTES = 256

/**
 * Tells a new link of all channels: those with a position in one resume, or a few when one would be larger than the server takes,
 * the others by a subscribe each.
 */
export function resume(
  link: Link,
  { maxMessageBytes }: Welcome,
  channels: readonly Channel[],
  isCurrent: () => boolean,
): void {
  let batch: Channel[] = []
  let bytes = RESUME_BYTES
  for (const channel of channels) {
    channel.opened()
    const position = channel.resumable
    if (position === null) {
      continue
    }
    // Names and epochs that the server has accepted are ASCII
    const size = JSON.stringify({ [channel.name]: position }).length
    if (bytes + size > maxMessageBytes) {
      send(link, batch, isCurrent)
      batch = []
      bytes = RESUME_BYTES
    }
    batch.push(channel)
    bytes += size
  }
  send(link, batch, isCurrent)
  for (const channel of channels) {
    channel.registration.sync()
  }
}

function send(link: Link, batch: readonly Channel[], isCurrent: () => boolean): void {
  const positions: Record<string, Position> = {}
  for (const channel of batch) {
    if (channel.position !== null) {
      positions[channel.name] = channel.position
      channel.registration.resuming()
    }
  }
  if (batch.length === 0) {
    return
  }
  link.request({ type: 'resume', positions }, (answer) => {
    if (!isCurrent()) {
      return
    }
    const refused = !(answer instanceof BroadcastError) && isObject(answer.refused) ? answer.refused : {}
    const subscriptions =
      !(answer instanceof BroadcastError) && isObject(answer.subscriptions) ? answer.subscriptions : {}
    for (const channel of batch) {
      const data = subscriptions[channel.name]
      if (answer instanceof BroadcastError) {
        channel.registration.notResumed(answer)
      } else if (isObject(data)) {
        channel.registration.resumed(data, positions[channel.name] ?? null)
      } else {
        channel.registration.refused(refusal(refused[channel.name], channel.name))
      }
    }
  })
}
