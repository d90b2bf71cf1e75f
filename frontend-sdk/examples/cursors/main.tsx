import { StrictMode, useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { createBroadcastHooks } from 'broadcast-socket-sdk/react'

interface Place {
  readonly who: string
  readonly x: number
  readonly y: number
}

const { BroadcastSocketProvider, useBroadcast, usePresence, useSubscription } = createBroadcastHooks<{
  cursors: Place
}>()

const who = crypto.randomUUID()
const EVERY_MS = 700
const NOWHERE: Readonly<Record<string, Place>> = {}

/** The last place of the pointer, not more often than the server lets one address broadcast. */
function useOwnCursor(): void {
  const broadcast = useBroadcast()
  const place = useRef<Place | null>(null)
  useEffect(() => {
    const moved = ({ clientX, clientY }: PointerEvent): void => {
      place.current = { who, x: clientX / window.innerWidth, y: clientY / window.innerHeight }
    }
    const timer = setInterval(() => {
      const latest = place.current
      place.current = null
      // What is late is of no use, and the own cursor is on the screen already.
      if (latest) broadcast('cursors', latest, { echo: false, ttlMs: EVERY_MS }).catch(() => undefined)
    }, EVERY_MS)
    window.addEventListener('pointermove', moved)
    return () => {
      clearInterval(timer)
      window.removeEventListener('pointermove', moved)
    }
  }, [broadcast])
}

function Cursors() {
  useOwnCursor()
  const { members, count } = usePresence<{ who: string }>('cursors', { info: { who } })
  const { value: places } = useSubscription('cursors', {
    initial: NOWHERE,
    reduce: (all, { data }) => ({ ...all, [data.who]: data }),
    batch: 'frame',
  })
  return (
    <>
      <h1>Cursors</h1>
      <p>{count} here. Open another window and move the pointer.</p>
      {members
        .map(({ info }) => places[info.who])
        .filter((place) => place !== undefined)
        .map(({ who: id, x, y }) => (
          <div
            key={id}
            style={{
              position: 'fixed',
              left: `${100 * x}%`,
              top: `${100 * y}%`,
              transition: `all ${EVERY_MS}ms linear`,
              color: `hsl(${parseInt(id.slice(0, 4), 16) % 360} 80% 50%)`,
            }}
          >
            ◤ {id.slice(0, 4)}
          </div>
        ))}
    </>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider url="ws://localhost:8080">
        <Cursors />
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
