import { useCallback, useEffect, useRef } from 'react'
import { CHART, useBroadcastSocket } from './channels.js'
import { randomId } from './random-id.js'

const EVERY_MS = 250

/** So many points may wait for the server; beyond them there is no use in more. */
const MOST_WAITING = 240

interface Series {
  run: string
  n: number
  y: number
}

/** Publishes points of a curve that wanders: one when called, and four in a second while `isOn`. */
export function usePublisher(isOn: boolean): () => void {
  const { client, broadcast } = useBroadcastSocket()
  const series = useRef<Series | null>(null)

  const publish = useCallback(() => {
    if (client.outbox.messages.filter(({ channel }) => channel === CHART).length >= MOST_WAITING) return
    const current = (series.current ??= { run: randomId(), n: 0, y: 0.5 })
    current.n++
    current.y += (0.5 - current.y) * 0.06 + (Math.random() - 0.5) * 0.16
    const y = Math.min(1, Math.max(0, current.y))
    broadcast(CHART, { run: current.run, n: current.n, at: Date.now(), y }).catch(() => {
      // A number that was never published must not look like one that was lost
      if (series.current === current) series.current = null
    })
  }, [client, broadcast])

  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(publish, EVERY_MS)
    return () => clearInterval(timer)
  }, [isOn, publish])

  return publish
}
