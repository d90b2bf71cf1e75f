import { StrictMode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { indexedDbStorage } from 'broadcast-socket-sdk'
import { BroadcastSocketProvider, useBroadcast, useOutbox, useSubscription } from 'broadcast-socket-sdk/react'
import type { Batch } from 'broadcast-socket-sdk/react'

/** One line of the list: what is in the channel, or what is on its way. */
export interface Line {
  readonly id: string
  readonly text: string
  readonly status: 'arrived' | 'queued' | 'sent' | 'confirmed' | 'failed'
  readonly code?: string | undefined
}

export interface ChatPage {
  /** All lists that were ever on the screen, in their order. */
  readonly lists: (readonly Line[])[]
  send(text: string, ttlMs?: number): void
  retry(): void
  /** How many messages the storage holds. */
  stored(): Promise<number>
}

declare global {
  interface Window {
    readonly chat: ChatPage
  }
}

const parameters = new URLSearchParams(location.search)
const url = parameters.get('url') ?? ''
const channel = parameters.get('channel') ?? ''
const batch = parameters.get('batch')

const storage = indexedDbStorage()
const lists: (readonly Line[])[] = []

/** A chat as README.md has it: the messages of the channel, and after them those on their way. */
function Chat() {
  const { messages } = useSubscription(channel, { last: 100, ...(batch !== null && { batch: batch as Batch }) })
  const outbox = useOutbox(channel)
  const broadcast = useBroadcast()

  const arrived = new Set(messages.map(({ messageId }) => messageId))
  const lines: readonly Line[] = [
    ...messages.map(({ messageId, data }): Line => ({ id: messageId, text: String(data), status: 'arrived' })),
    ...outbox.messages
      .filter(({ messageId }) => !arrived.has(messageId))
      .map(({ messageId, data, status, error }): Line => ({
        id: messageId,
        text: String(data),
        status,
        code: error?.code,
      })),
  ]

  useLayoutEffect(() => {
    lists.push(lines)
    const chat: ChatPage = {
      lists,
      // What becomes of it is shown by the list
      send: (text, ttlMs) => void broadcast(channel, text, ttlMs === undefined ? {} : { ttlMs }).catch(() => undefined),
      retry: () => outbox.messages.forEach(({ messageId }) => outbox.retry(messageId)),
      stored: async () => (await storage.load('')).length,
    }
    Object.assign(window, { chat })
  })
  return (
    <ul>
      {lines.map(({ id, text, status }) => (
        <li key={id} data-status={status}>
          {text}
        </li>
      ))}
    </ul>
  )
}

createRoot(document.getElementById('root') ?? document.body).render(
  <StrictMode>
    <BroadcastSocketProvider url={url} outboxStorage={storage} reconnect={{ minMs: 50, maxMs: 500 }}>
      <Chat />
    </BroadcastSocketProvider>
  </StrictMode>,
)
