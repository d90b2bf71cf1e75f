import { useEffect, useSyncExternalStore } from 'react'
import { useBroadcastSocket } from './channels.js'
import { faults, journal } from './stores.js'

/** Writes into the journal what the connection does, and how long it was away. */
export function useNarration(): void {
  const { client } = useBroadcastSocket()
  useEffect(() => {
    let lostAt: number | null = null
    return client.onStateChange((state) => {
      if (state.status === 'waiting') {
        lostAt ??= Date.now()
        const seconds = Math.max(0, state.retryAt - Date.now()) / 1000
        const wait = seconds < 60 ? ` Trying again in ${seconds.toFixed(1)} s.` : ''
        journal.add(`No connection: ${state.error.message}.${wait}`, 'bad')
      } else if (state.status === 'open') {
        const away = lostAt === null ? 0 : (Date.now() - lostAt) / 1000
        journal.add(
          lostAt === null
            ? 'Connected. All channels share this socket.'
            : `Back after ${away.toFixed(1)} s. All channels went on in one round trip, from where they were.`,
          'good',
        )
        lostAt = null
      } else if (state.status === 'failed') {
        journal.add(state.error.message, 'bad')
      }
    })
  }, [client])

  const { refusals } = useSyncExternalStore(faults.subscribe, faults.snapshot)
  const isRefused = refusals > 0
  useEffect(() => {
    if (isRefused) {
      journal.add(
        'The server takes only so many broadcasts a minute from one address. Nothing is lost: the rest waits and goes out by itself. conf/development.json has no such limit.',
      )
    }
  }, [isRefused])
}
