import { useEffect, useState, useSyncExternalStore } from 'react'
import { useBroadcastSocket } from './channels.js'
import { faults, journal } from './stores.js'

const ACKS = 10

/** After one and a half heartbeats and a second the client asks for a sign of life, and gives it two. */
const patienceSeconds = (heartbeatMs: number) => Math.ceil((1.5 * heartbeatMs + 3_000) / 1_000)

/** Buttons that break the connection, and what must come of it. */
export function FaultsPanel() {
  const { isConnected } = useBroadcastSocket()
  const { silentSince, acksToLose, heartbeatMs } = useSyncExternalStore(faults.subscribe, faults.snapshot)
  const within = patienceSeconds(heartbeatMs)
  return (
    <section className="card" aria-labelledby="faults">
      <h2 id="faults">Break it</h2>
      <ul className="faults">
        <li>
          <button
            type="button"
            disabled={!isConnected}
            onClick={() => {
              journal.add('You dropped the socket.')
              faults.drop()
            }}
          >
            Drop the socket
          </button>
          <span>It is back within about a second, and every channel goes on where it was.</span>
        </li>
        <li>
          <button
            type="button"
            disabled={!isConnected || silentSince !== null}
            onClick={() => {
              journal.add(
                `You silenced the socket: it stays open, and nothing comes or goes. The client must notice within ${within} s.`,
              )
              faults.silence()
            }}
          >
            Go silent
          </button>
          <span>
            {silentSince === null ? (
              `It stays open, and nothing comes or goes: nobody tells the client. It notices within ${within} s.`
            ) : (
              <Silence since={silentSince} within={within} />
            )}
          </span>
        </li>
        <li>
          <button
            type="button"
            onClick={() => {
              journal.add(`The next ${ACKS} acks will be lost. What they were for is sent again, under the same ids.`)
              faults.loseAcks(ACKS)
            }}
          >
            Lose {ACKS} acks
          </button>
          <span data-acks={acksToLose}>
            {acksToLose === 0
              ? 'Each message is sent again after 3 s under the same id, and published once.'
              : `${acksToLose} more will be lost. Each message is sent again after 3 s, and published once.`}
          </span>
        </li>
      </ul>
    </section>
  )
}

function Silence({ since, within }: { since: number; within: number }) {
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      Silent for {Math.max(0, Math.floor((now - since) / 1000))} s of at most {within} s. It looks open, but the client
      does not believe it for long.
    </>
  )
}
