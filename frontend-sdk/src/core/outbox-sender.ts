import { isLost, isPassing, REPEAT_MS } from './asks.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import type { Answer, Link } from './link.js'
import { bytesOf } from './outbox-entry.js'
import type { Entry } from './outbox-entry.js'
import type { Outgoing } from './outbox-types.js'
import { positionOf } from './protocol.js'
import type { AckData } from './protocol.js'

/** The outbox, and what it is told of its messages. */
export interface SenderHost {
  /** By messageId, in the order in which they were given. */
  readonly entries: ReadonlyMap<string, Entry>
  readonly become: (entry: Entry, change: Partial<Outgoing>) => void
  readonly confirm: (entry: Entry, data: AckData) => void
  readonly fail: (entry: Entry, error: BroadcastError) => void
  /** Calls {@link Sender.pump} if anything may be sent now. */
  readonly pump: () => void
}

/**
 * Sends messages in the order of their channel, several at a time, until each is in the log: again under the same id when there was
 * no answer, and later when the server was busy. After a refusal its channel goes on one message at a time, since what was sent
 * behind the refused one may have overtaken it.
 */
export interface Sender {
  /** Whether it is a publication that was not to be echoed. */
  readonly isWithheld: (messageId: string) => boolean
  /** Sends what may be sent now. */
  readonly pump: () => void
}

/** Ids of publications that were not to be echoed, to know them when they come again after a reconnect. */
const MOST_WITHHELD = 1_000

export function createSender(env: Environment, host: SenderHost): Sender {
  const { entries } = host
  const { window = 32 } = env.options.outbox ?? {}
  const pause = env.timer()
  const withheld = new Set<string>()
  /** Channels that have had a refusal since they were last empty. */
  const careful = new Set<string>()
  /** On the wire. */
  let unanswered = 0

  const pump = (): void => {
    const { link } = env
    if (link === null || pause.pending) {
      return
    }
    const blocked = new Set<string>()
    for (const channel of careful) {
      if (![...entries.values()].some(({ outgoing }) => outgoing.channel === channel)) {
        careful.delete(channel)
      }
    }
    for (const entry of entries.values()) {
      const { status, channel, messageId } = entry.outgoing
      if (unanswered >= window) {
        return
      }
      if (status === 'queued' && !blocked.has(channel)) {
        // The same id may be on its way for a message that was cancelled
        if (link.awaits(messageId)) {
          blocked.add(channel)
        } else {
          send(entry, link)
        }
      }
      if (status !== 'failed' && careful.has(channel)) {
        blocked.add(channel)
      }
    }
  }

  const send = (entry: Entry, link: Link): void => {
    const { channel, messageId, attempts } = entry.outgoing
    const bytes = bytesOf(entry.frame)
    if (bytes > link.maxMessageBytes) {
      const message = `the message has ${bytes} bytes: ${link.maxMessageBytes} are allowed`
      host.fail(entry, new BroadcastError('message-too-large', message, { channel }))
      return
    }
    if (!entry.echo) {
      remember(withheld, messageId)
    }
    host.become(entry, { status: 'sent', attempts: attempts + 1 })
    env.count('sent')
    unanswered++
    link.write(messageId, entry.frame, channel, (answer) => {
      unanswered--
      answered(entry, answer)
      if (!entry.echo) {
        env.channels.get(channel)?.withheld(answer instanceof BroadcastError ? null : positionOf(answer))
      }
    })
  }

  const answered = (entry: Entry, answer: Answer): void => {
    const { status, messageId, channel } = entry.outgoing
    const isThere = entries.get(messageId) === entry
    if (!(answer instanceof BroadcastError)) {
      // Also when it has expired meanwhile, or waits to be sent again
      if (isThere) {
        host.confirm(entry, answer)
      }
    } else if (isThere && status === 'sent') {
      if (!isPassing(answer)) {
        host.fail(entry, answer)
      } else {
        host.become(entry, { status: 'queued' })
        if (!isLost(answer) && answer.code !== 'timeout') {
          careful.add(channel)
          pause.set(answer.retryAfterMs ?? REPEAT_MS, host.pump)
        }
      }
    }
    // The next link begins with what was lost with this one, in its order
    if (!isLost(answer)) {
      host.pump()
    }
  }

  return { isWithheld: (messageId) => withheld.has(messageId), pump }
}

/** Adds the newest of many values; the oldest is forgotten. */
function remember(values: Set<string>, value: string): void {
  values.delete(value)
  values.add(value)
  const [oldest = value] = values
  if (values.size > MOST_WITHHELD) {
    values.delete(oldest)
  }
}
