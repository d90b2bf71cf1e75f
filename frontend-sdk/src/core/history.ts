import type { Page } from './cursor.js'
import { gapOf, positionOf, publicationOf } from './protocol.js'
import type { AckData } from './protocol.js'
import type { HistoryPage, Message } from './types.js'

/** What the ack of a history says; null when it is not one. */
export function pageOf(channel: string, data: AckData): Page | null {
  const top = positionOf(data)
  const list: readonly unknown[] = Array.isArray(data.publications) ? data.publications : []
  return (
    top && { top, publications: list.map(publicationOf).filter((one) => one !== null), gap: gapOf(channel, data.gap) }
  )
}

/** A page for the application. */
export function historyPage(channel: string, { top, publications, gap }: Page): HistoryPage {
  const messages = publications.map(({ data, messageId, offset, timestamp }): Message => ({
    channel,
    data,
    messageId,
    offset,
    epoch: top.epoch,
    timestamp,
  }))
  return gap === null ? { messages, top } : { messages, top, gap }
}
