import { BroadcastError } from '../core/errors.js'
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
  let gap: Gap | null = null
  let error: BroadcastError | undefined
  let isLoading = channel !== null
  let changed: (() => void) | undefined
  /** The load whose answer counts. */
  let loading: object | undefined

  const end = (): Position | undefined => {
    const last = messages.at(-1)
    return last && { epoch: last.epoch, offset: last.offset }
  }

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
      top = page.top
      gap = page.gap ?? gap
    } catch (cause) {
      if (loading !== mine) return
      error =
        cause instanceof BroadcastError
          ? cause
          : new BroadcastError('internal-error', String(cause), { channel, cause })
    }
    isLoading = false
    changed?.()
  }

  const hasMore = (): boolean => {
    const at = end()
    return top !== undefined && at !== undefined && (at.epoch !== top.epoch || at.offset < top.offset)
  }

  const actions = {
    loadMore: () => {
      if (!isLoading && hasMore()) void load(end())
    },
    reload: () => {
      messages = []
      gap = null
      top = undefined
      void load(target.since)
    },
  }

  return {
    view: () => ({ messages, top, gap, isLoading, hasMore: hasMore(), error, ...actions }),
    start: (touch) => {
      changed = touch
      if (isLoading) void load(end() ?? target.since)
      return () => {
        // What is under way is asked for again when the component comes back.
        changed = loading = undefined
      }
    },
  }
}
