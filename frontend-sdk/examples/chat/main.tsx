import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { indexedDbStorage } from 'broadcast-socket-sdk'
import { createBroadcastHooks } from 'broadcast-socket-sdk/react'

interface Channels {
  [room: `chat/${string}`]: { from: string; text: string }
}

const { BroadcastSocketProvider, useBroadcast, useGap, useLostConnection, useOutbox, usePresence, useSubscription } =
  createBroadcastHooks<Channels>()

const me = `guest ${Math.floor(Math.random() * 1000)}`
const storage = indexedDbStorage()

function Room({ room }: { room: string }) {
  const channel = `chat/${room}` as const
  const { messages, state } = useSubscription(channel, { last: 50 })
  const { members } = usePresence<{ name: string }>(channel, { info: { name: me } })
  const outbox = useOutbox(channel)
  const { gap, dismiss } = useGap(channel)
  const broadcast = useBroadcast()
  const [text, setText] = useState('')

  const send = (event: { preventDefault(): void }) => {
    event.preventDefault()
    if (text.trim() === '') return
    // What becomes of it is shown by the outbox.
    broadcast(channel, { from: me, text }).catch(() => undefined)
    setText('')
  }

  // What is in the channel already is no longer on its way, even if its ack is late.
  const arrived = new Set(messages.map(({ messageId }) => messageId))
  return (
    <section>
      <h2>{room}</h2>
      <p>Here: {members.map(({ info }) => info.name).join(', ') || state.status}</p>
      {gap && <button onClick={dismiss}>Some messages are gone ({gap.reason}). Understood</button>}
      <ul>
        {messages.map(({ messageId, data }) => (
          <li key={messageId}>
            <b>{data.from}</b> {data.text}
          </li>
        ))}
        {outbox.messages
          .filter(({ messageId }) => !arrived.has(messageId))
          .map(({ messageId, data, status, error }) => (
            <li key={messageId} style={{ opacity: 0.6 }} title={error?.message}>
              <b>{me}</b> {(data as { text: string }).text} <small>{status}</small>
              {status === 'failed' && <button onClick={() => outbox.retry(messageId)}>Try again</button>}
            </li>
          ))}
      </ul>
      <form onSubmit={send}>
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button>Send</button>
      </form>
    </section>
  )
}

function App() {
  const [room, setRoom] = useState('lobby')
  const isLost = useLostConnection() === 'lost'
  return (
    <main>
      <h1>Chat as {me}</h1>
      {isLost && <p role="status">No connection. Messages are sent when it is back.</p>}
      {['lobby', 'garden'].map((name) => (
        <button key={name} disabled={name === room} onClick={() => setRoom(name)}>
          {name}
        </button>
      ))}
      <Room key={room} room={room} />
    </main>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider url="ws://localhost:8080" outboxStorage={storage}>
        <App />
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
