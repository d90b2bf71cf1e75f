import { useSyncExternalStore } from 'react'
import { journal } from './stores.js'

/** What has happened, the newest first. */
export function JournalPanel() {
  const entries = useSyncExternalStore(journal.subscribe, journal.snapshot)
  return (
    <section className="card stretch" aria-labelledby="journal">
      <h2 id="journal">What happened</h2>
      <ol className="journal" role="log" tabIndex={0} aria-labelledby="journal">
        {entries.map(({ id, at, text, tone }) => (
          <li key={id} className={tone}>
            <time>{new Date(at).toLocaleTimeString('en-GB')}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
