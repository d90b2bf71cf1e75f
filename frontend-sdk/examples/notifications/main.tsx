import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { Message } from 'broadcast-socket-sdk'
import { createBroadcastHooks } from 'broadcast-socket-sdk/react'

interface Notice {
  readonly title: string
  readonly level: 'info' | 'warning'
}

const { BroadcastSocketProvider, useBroadcast, useHistory, useMessages } = createBroadcastHooks<{ '*': Notice }>()

/** Notices for everyone, each until it is closed. */
function Toasts() {
  const [toasts, setToasts] = useState<readonly Message<Notice>[]>([])
  useMessages('*', (message) => setToasts((before) => [...before, message].slice(-5)))
  const close = (id: string) => setToasts((before) => before.filter(({ messageId }) => messageId !== id))
  return (
    <div role="status" style={{ position: 'fixed', right: '1rem', top: '1rem' }}>
      {toasts.map(({ messageId, data }) => (
        <p key={messageId} style={{ border: '1px solid', padding: '0.5rem' }}>
          {data.level === 'warning' && '⚠ '}
          {data.title} <button onClick={() => close(messageId)}>Close</button>
        </p>
      ))}
    </div>
  )
}

function Earlier() {
  const { messages, isLoading, hasMore, error, loadMore, reload } = useHistory('*', { limit: 20 })
  return (
    <section>
      <h2>Earlier</h2>
      {error && <p>{error.message}</p>}
      <ul>
        {messages.map(({ messageId, timestamp, data }) => (
          <li key={messageId}>
            {new Date(timestamp).toLocaleTimeString()} {data.title}
          </li>
        ))}
      </ul>
      <button disabled={isLoading || !hasMore} onClick={loadMore}>
        More
      </button>
      <button disabled={isLoading} onClick={reload}>
        Load again
      </button>
    </section>
  )
}

function Send() {
  const broadcast = useBroadcast()
  const [failed, setFailed] = useState('')
  const send = (level: Notice['level']) => {
    setFailed('')
    broadcast('*', { title: `Sent at ${new Date().toLocaleTimeString()}`, level }).catch((error: unknown) => {
      setFailed(error instanceof Error ? error.message : String(error))
    })
  }
  return (
    <p>
      <button onClick={() => send('info')}>Tell everyone</button>
      <button onClick={() => send('warning')}>Warn everyone</button> {failed}
    </p>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider url="ws://localhost:8080">
        <h1>Notifications</h1>
        <Send />
        <Earlier />
        <Toasts />
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
