import { useState, useSyncExternalStore } from 'react'
import { CHART, useOutbox, useSubscription } from './channels.js'
import type { Point } from './channels.js'
import { addPoint, EMPTY_CHART, segments, WINDOW_MS } from './chart-state.js'
import { isWhole } from './integrity.js'
import type { Verdict } from './integrity.js'
import { usePublisher } from './publisher.js'
import { useCountedRender } from './renders.js'
import { faults, journal } from './stores.js'

const WIDTH = 600
const HEIGHT = 180
const MARGIN = 8
const COLOURS = 4

const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** A live chart, and a check of its own that nothing of it is missing. */
export function ChartPanel() {
  useCountedRender()
  const wantsCalm = useSyncExternalStore(
    (changed) => {
      calm.addEventListener('change', changed)
      return () => calm.removeEventListener('change', changed)
    },
    () => calm.matches,
  )
  const [chosen, setChosen] = useState<boolean | null>(null)
  const { refusals } = useSyncExternalStore(faults.subscribe, faults.snapshot)
  const isOn = chosen ?? (!wantsCalm && refusals === 0)
  const publish = usePublisher(isOn)
  const [told, setTold] = useState(0)
  const { value } = useSubscription(CHART, {
    initial: EMPTY_CHART,
    reduce: addPoint,
    last: 240,
    batch: 'frame',
    onGap: ({ from, to, reason }) => {
      setTold((before) => before + (to - from + 1))
      journal.add(`A gap in the chart, and it is told: ${to - from + 1} points will not come (${reason}).`, 'bad')
    },
  })
  const { verdict, points } = value
  const whole = isWhole(verdict, told)
  return (
    <section className="card" aria-labelledby="chart">
      <div className="title">
        <h2 id="chart">Live chart</h2>
        <span className="actions">
          <button type="button" aria-pressed={isOn} onClick={() => setChosen(!isOn)}>
            {isOn ? 'Stop' : 'Start'} publishing
          </button>
          <button type="button" onClick={publish}>
            One point
          </button>
        </span>
      </div>
      <Curve points={points} />
      <p className={`verdict ${verdict.received === 0 ? 'muted' : whole ? 'good' : 'bad'}`} data-verdict="chart">
        {verdict.received === 0 ? 'No point has come yet' : findings(verdict, told)}
        <Waiting />
      </p>
    </section>
  )
}

/** @param told points that gaps have told of */
function findings(verdict: Verdict, told: number): string {
  const { received, missing, skipped, twice } = verdict
  const whole = isWhole(verdict, told)
  const details =
    whole && told === 0
      ? 'in order, nothing missing, nothing twice'
      : `${missing + skipped} missing (${told} of them told), ${twice} twice`
  return `${whole ? '✓' : '✗'} ${received.toLocaleString('en')} points, ${details}`
}

/** Points that have not left, or were not confirmed; a few always are. */
function Waiting() {
  const waiting = useOutbox(CHART).messages.length
  return waiting > 8 && <span className="muted"> · {waiting} wait for the server</span>
}

function Curve({ points }: { points: readonly Point[] }) {
  const newest = points.reduce((latest, { at }) => Math.max(latest, at), 0)
  const x = (at: number) => WIDTH - MARGIN - ((newest - at) / WINDOW_MS) * (WIDTH - MARGIN)
  const y = (value: number) => HEIGHT - MARGIN - value * (HEIGHT - 2 * MARGIN)
  const lines = segments(points)
  const runs = [...new Set(lines.map(({ run }) => run))]
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${points.length} points of ${runs.length} publishers in the last 30 seconds`}
    >
      {[0.25, 0.5, 0.75].map((value) => (
        <line key={value} className="grid" x1={0} x2={WIDTH} y1={y(value)} y2={y(value)} />
      ))}
      {lines.map(({ run, points: all }) => {
        const path = all.map(({ at, y: value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
        const first = all[0]
        const last = all.at(-1)
        return (
          first &&
          last && (
            <g key={`${run} ${first.n}`} className={`line line-${runs.indexOf(run) % COLOURS}`}>
              <polygon points={`${x(first.at).toFixed(1)},${HEIGHT} ${path} ${x(last.at).toFixed(1)},${HEIGHT}`} />
              <polyline points={path} />
              {/* A line without length has round ends, and stays round when the picture is stretched */}
              {all === lines.filter((line) => line.run === run).at(-1)?.points && (
                <path d={`M${x(last.at).toFixed(1)} ${y(last.y).toFixed(1)}h0`} />
              )}
            </g>
          )
        )
      })}
    </svg>
  )
}
