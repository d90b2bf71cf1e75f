import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ConnectionState } from 'broadcast-socket-sdk'
import { useBroadcastSocket, useStats } from './channels.js'
import { renders } from './renders.js'
import { faults } from './stores.js'

/** What the connection is doing, always in sight. */
export function StatePill() {
  const { state, connect } = useBroadcastSocket()
  return (
    <div className={`pill ${state.status}`} role="status">
      <span className="dot" aria-hidden="true" />
      <span>{sentence(state)}</span>
      {(state.status === 'waiting' || state.status === 'failed') && (
        <button type="button" className="link" onClick={connect}>
          Now
        </button>
      )}
    </div>
  )
}

function sentence(state: ConnectionState): string {
  switch (state.status) {
    case 'open':
      return 'Connected'
    case 'connecting':
      return state.attempt > 1 ? `Connecting, attempt ${state.attempt}` : 'Connecting'
    case 'waiting':
      return 'Lost, trying again soon'
    case 'failed':
      return state.error.message
    case 'idle':
      return 'Not connected'
    case 'closed':
      return 'Closed'
  }
}

/** What the client has counted, and who it is to the server. */
export function Counters() {
  const { sent, delivered, duplicates, gaps, connections } = useStats(250)
  const { state } = useBroadcastSocket()
  const rendered = useRenders()
  const { sockets } = useSyncExternalStore(faults.subscribe, faults.snapshot)
  const counters: readonly [name: string, value: number, title: string][] = [
    ['Sent', sent, 'Written to the socket, repetitions included'],
    ['Delivered', delivered, 'Messages of all channels, each once'],
    ['Duplicates dropped', duplicates, 'Came twice, were delivered once'],
    ['Gaps', gaps, 'Told, never silent'],
    ['Reconnects', Math.max(0, connections - 1), 'Each resumes all channels in one round trip'],
    ['Renders', rendered, 'Of the chart and the chat: one for each frame at most'],
  ]
  return (
    <section className="card counters" aria-label="Counters">
      <dl>
        {counters.map(([name, value, title]) => (
          <div key={name} title={title}>
            <dt>{name}</dt>
            <dd data-counter={name}>{value.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      <p className="who">
        <span data-sockets={sockets}>{sockets === 1 ? '1 socket' : `${sockets} sockets`}</span>, 3 channels
        {state.status === 'open' && (
          <>
            {' · '}node <code>{state.node}</code>
            {' · '}client <code>{state.clientId}</code>
          </>
        )}
      </p>
    </section>
  )
}

function useRenders(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setCount(renders()), 250)
    return () => clearInterval(timer)
  }, [])
  return count
}
