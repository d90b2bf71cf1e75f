import { BurstPanel } from './burst-panel.js'
import { ChartPanel } from './chart-panel.js'
import { ChatPanel } from './chat-panel.js'
import { FaultsPanel } from './faults-panel.js'
import { JournalPanel } from './journal-panel.js'
import { Counters, StatePill } from './status.js'
import { useNarration } from './narration.js'

/** The page: what comes over one connection, what can be done to it, and what became of it. */
export function App() {
  useNarration()
  return (
    <>
      <header className="top">
        <div className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M10.5 21.5a8 8 0 0 1 0-11M21.5 10.5a8 8 0 0 1 0 11M7 25A13 13 0 0 1 7 7M25 7a13 13 0 0 1 0 18" />
            <circle cx="16" cy="16" r="2.8" />
          </svg>
          Broadcast Socket
        </div>
        <StatePill />
      </header>
      <main>
        <section className="pitch">
          <h1>One connection. Nothing lost, nothing twice, every gap told.</h1>
          <p>
            The chart and the chat share one WebSocket. Break it, and watch the numbers; open a second window, and it
            joins.
          </p>
        </section>
        <Counters />
        <div className="columns">
          <div>
            <ChartPanel />
            <FaultsPanel />
            <BurstPanel />
          </div>
          <div>
            <ChatPanel />
            <JournalPanel />
          </div>
        </div>
      </main>
      <footer>
        Built with the React hooks of <code>frontend-sdk</code>. The server has <a href="health">/health</a>,{' '}
        <a href="stats">/stats</a> and <a href="openapi.json">/openapi.json</a>.
      </footer>
    </>
  )
}
