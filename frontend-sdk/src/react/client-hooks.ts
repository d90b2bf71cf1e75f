import { useMemo } from 'react'
import { NO_STATS } from '../core/stats.js'
import type { Client, ClientStats } from '../core/types.js'
import { useClient } from './provider.js'
import type { Source } from './store.js'
import { isSame, useSource } from './store.js'
import type { Batch, OutboxView } from './types.js'

const LOST_AFTER_MS = 5000

export function useBroadcast(): Client['broadcast'] {
  const client = useClient('useBroadcast')
  return useMemo(() => client.broadcast.bind(client), [client])
}

export function useOutbox(channel?: string): OutboxView {
  const { outbox } = useClient('useOutbox')
  return useSource([outbox, channel], {}, () => {
    let view: OutboxView = {
      messages: [],
      cancel: (messageId) => outbox.cancel(messageId),
      retry: (messageId) => outbox.retry(messageId),
    }
    const look = (): OutboxView => {
      const messages = outbox.messages.filter((message) => channel === undefined || message.channel === channel)
      // What is on its way over other channels is no reason to render
      if (messages.length !== view.messages.length || !isSame(messages, view.messages)) view = { ...view, messages }
      return view
    }
    return ofClient(view, look, (touch) => outbox.onChange(touch))
  })
}

export function useStats(batch?: Batch): ClientStats {
  const client = useClient('useStats')
  return useSource([client], { batch }, () =>
    ofClient(
      NO_STATS,
      () => client.stats,
      (touch) => client.onStatsChange(touch),
    ),
  )
}

/** What a client shows by itself, and did before it was rendered: it may have changed until it is followed. */
function ofClient<View>(server: View, look: () => View, follow: (touch: () => void) => () => void): Source<View> {
  let seen: View
  return {
    server,
    view: () => (seen = look()),
    start: (touch) => {
      const stop = follow(touch)
      if (look() !== seen) touch()
      return stop
    },
  }
}

export function useLostConnection(delayMs = LOST_AFTER_MS): 'ok' | 'lost' {
  const client = useClient('useLostConnection')
  return useSource([client, delayMs], {}, () => lostConnection(client, delayMs))
}

function lostConnection(client: Client, delayMs: number): Source<'ok' | 'lost'> {
  let lost = false
  return {
    view: () => (lost ? 'lost' : 'ok'),
    start: (touch) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const become = (value: boolean): void => {
        clearTimeout(timer)
        timer = undefined
        lost = value
        touch()
      }
      const look = (): void => {
        const { status } = client.state
        const isTrying = status === 'connecting' || status === 'waiting'
        if (!isTrying) become(status === 'failed')
        else if (!lost) timer ??= setTimeout(become, delayMs, true)
      }
      const stop = client.onStateChange(look)
      look()
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
  }
}
