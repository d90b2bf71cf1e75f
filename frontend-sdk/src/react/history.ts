import type { BroadcastError } from '../core/errors.js'
import type { Gap, Message, Position } from '../core/types.js'
import type { Target } from './listen.js'
import { useTarget } from './listen.js'
import type { Latest, Source } from './store.js'
import { useSource } from './store.js'
import type { ChannelHistory, HistoryOptions } from './types.js'

export function useHistory(channel: string | null, options: HistoryOptions = {}): ChannelHistory {
  const { key, make } = useTarget('useHistory', channel, options)
  return useSource(key, options, (latest) => history(make(), latest))
}

function history(target: Target, latest: Latest<HistoryOptions>): Source<ChannelHistory> {
  const { client, channel } = target
  let messages: readonly Message[] = []
  let top: Position | undefined
  /** The place after the last of the messages. */
  let end: Position | undefined
  let gap: Gap | null = null
  let error: BroadcastError | undefined
  let isLoading = channel !== null
  let changed: (() => void) | undefined
  /** The load whose answer counts. */
  let loading: object | undefined

  const load = async (since: Position | undefined): Promise<void> => {
    if (channel === null) return
    const mine = (loading = {})
    isLoading = true
    error = undefined
    changed?.()
    // Not before the effects of StrictMode have come, gone, and come again.
    await Promise.resolve()
    if (loading !== mine) return
    const { limit } = latest.current
    try {
      const page = await client.history(channel, { ...(since && { since }), ...(limit !== undefined && { limit }) })
      if (loading !== mine) return
      messages = [...messages, ...page.messages]
      const last = messages.at(-1)
      end = last && { epoch: last.epoch, offset: last.offset }
      top = page.top
      gap = page.gap ?? gap
    } catch (cause) {
      if (loading !== mine) return
      error = cause as BroadcastError
    }
    isLoading = false
    changed?.()
  }

  const hasMore = (): boolean => !!top && !!end && (end.epoch !== top.epoch || end.offset < top.offset)

  const actions = {
    loadMore: () => {
      if (!isLoading && hasMore()) void load(end)
    },
    reload: () => {
      messages = []
      gap = null
      top = end = undefined
      void load(target.since)
    },
  }

  return {
    view: () => ({ messages, top, gap, isLoading, hasMore: hasMore(), error, ...actions }),
    start: (touch) => {
      changed = touch
      if (isLoading) void load(end ?? target.since)
      return () => {
        // What is under way is asked for again when the component comes back.
        changed = loading = undefined
      }
    },
  }
}
