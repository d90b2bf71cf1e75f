import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Client, ClientStats, Outbox, Outgoing } from '../core/types.js'
import { NO_MESSAGES } from './lazy-client.js'
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
  const messages = useSyncExternalStore(
    useCallback((changed) => outbox.onChange(changed), [outbox]),
    useMemo(() => messagesOf(outbox, channel), [outbox, channel]),
    () => NO_MESSAGES,
  )
  return useMemo(
    () => ({
      messages,
      cancel: (messageId: string) => outbox.cancel(messageId),
      retry: (messageId: string) => outbox.retry(messageId),
    }),
    [outbox, messages],
  )
}

/** Gives the same array until one of its messages is another one. */
function messagesOf(outbox: Outbox, channel: string | undefined): () => readonly Outgoing[] {
  let last = NO_MESSAGES
  return () => {
    const messages = outbox.messages.filter((message) => channel === undefined || message.channel === channel)
    if (messages.length !== last.length || !isSame(messages, last)) last = messages
    return last
  }
}

export function useStats(batch?: Batch): ClientStats {
  const client = useClient('useStats')
  return useSource([client], batch === undefined ? {} : { batch }, () => ({
    view: () => client.stats,
    start: (touch) => client.onStatsChange(touch),
  }))
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
