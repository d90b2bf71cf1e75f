import { gapOf, positionOf, publicationOf } from './protocol.js'
import type { AckData, Publication } from './protocol.js'
import type { HistoryPage, Message } from './types.js'

export function messageOf(
  channel: string,
  epoch: string,
  { data, messageId, offset, timestamp }: Publication,
): Message {
  return Object.freeze({ channel, data, messageId, offset, epoch, timestamp })
}

/** What the ack of a history says; null when it is not one. */
export function pageOf(channel: string, data: AckData): HistoryPage | null {
  const top = positionOf(data)
  if (top === null) {
    return null
  }
  const list: readonly unknown[] = Array.isArray(data.publications) ? data.publications : []
  const messages = list.flatMap((one) => {
    const publication = publicationOf(one)
    return publication === null ? [] : messageOf(channel, top.epoch, publication)
  })
  const gap = gapOf(channel, data.gap)
  return gap === null ? { messages, top } : { messages, top, gap }
}
