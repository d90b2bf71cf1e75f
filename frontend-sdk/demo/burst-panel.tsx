import { useSyncExternalStore } from 'react'
import { isProven, lacking } from './burst.js'
import type { BurstState } from './burst.js'
import { BURST, useBroadcast, useMessages } from './channels.js'
import { burst, faults, journal } from './stores.js'

const SIZE = 1_000

/** Enough for a server that takes a hundred a minute. */
const TTL_MS = 900_000

const format = (count: number) => count.toLocaleString('en')

/** Publishes a thousand messages, and holds what comes back against them. */
export function BurstPanel() {
  const broadcast = useBroadcast()
  useMessages(BURST, burst.receive)
  const state = useSyncExternalStore(burst.subscribe, burst.snapshot)
  const isLimited = useSyncExternalStore(faults.subscribe, faults.snapshot).refusals > 0
  const isRunning = state !== null && state.tookMs === null
  const start = (cuts: readonly number[]) => {
    journal.add(
      cuts.length === 0
        ? `You publish ${format(SIZE)} messages.`
        : `You publish ${format(SIZE)} messages, and the socket is cut twice meanwhile.`,
    )
    burst.start(SIZE, (data) => broadcast(BURST, data, { ttlMs: TTL_MS }), cuts, faults.drop)
  }
  return (
    <section className="card" aria-labelledby="burst">
      <div className="title">
        <h2 id="burst">A thousand at once</h2>
        <span className="actions">
          <button type="button" className="primary" disabled={isRunning} onClick={() => start([])}>
            Publish {format(SIZE)}
          </button>
          <button type="button" disabled={isRunning} onClick={() => start([SIZE * 0.3, SIZE * 0.7])}>
            … and cut it twice
          </button>
        </span>
      </div>
      <progress
        aria-label="Received"
        max={state?.size ?? SIZE}
        value={state === null ? 0 : state.size - lacking(state)}
      />
      <Outcome state={state} />
      {isRunning && isLimited && (
        <p className="muted">
          This server takes only so many broadcasts a minute. The rest waits, and goes out by itself.
        </p>
      )}
    </section>
  )
}

function Outcome({ state }: { state: BurstState | null }) {
  if (state === null) return <p className="verdict">Each one is acknowledged, and counted when it comes back.</p>
  const { confirmed, failed, verdict, tookMs } = state
  const mark = tookMs === null ? '' : isProven(state) ? '✓ ' : '✗ '
  const tone = tookMs === null ? '' : isProven(state) ? 'good' : 'bad'
  return (
    <p className={`verdict ${tone}`} role="status" data-verdict="burst">
      {mark}
      {format(confirmed)} sent, {format(verdict.received)} received
      {tookMs === null
        ? ' …'
        : `, ${lacking(state) + verdict.skipped + verdict.missing} missing, ${verdict.twice} twice`}
      {failed > 0 && `, ${format(failed)} refused`}
      {tookMs !== null && <span className="muted"> · {format(Math.round(tookMs))} ms</span>}
    </p>
  )
}
