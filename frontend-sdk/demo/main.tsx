import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { customStorage, indexedDbStorage } from 'broadcast-socket-sdk'
import { App } from './app.js'
import { BroadcastSocketProvider, CHAT } from './channels.js'
import { faults, journal, me } from './stores.js'

const storage = indexedDbStorage('broadcast-demo')

/** Keeps what somebody has typed; points and bursts can be made again. */
const chatStorage = customStorage({
  load: (identity) => storage.load(identity),
  put: (identity, message) => (message.channel === CHAT ? storage.put(identity, message) : Promise.resolve()),
  delete: (identity, messageId) => storage.delete(identity, messageId),
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider
        url="/"
        WebSocket={faults.WebSocket}
        identity={me}
        outboxStorage={chatStorage}
        outbox={{ maxMessages: 5_000 }}
        answerTimeoutMs={3_000}
        onError={({ code, message }) => journal.add(`${code}: ${message}`, 'bad')}
      >
        <App />
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
