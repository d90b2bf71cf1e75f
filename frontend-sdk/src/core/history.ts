import type { Environment } from './environment.js'
import { pageOf } from './protocol.js'
import type { HistoryPage, Position } from './types.js'

/** Reads a page from a channel's history, from its oldest without `since`; null when it cannot be had. */
export async function readHistory(
  { asks }: Environment,
  channel: string,
  since: Position | undefined,
  limit: number,
  isWanted: () => boolean,
): Promise<HistoryPage | null> {
  try {
    return pageOf(channel, await asks.insist({ type: 'history', channel, since, limit }, isWanted))
  } catch {
    return null
  }
}
