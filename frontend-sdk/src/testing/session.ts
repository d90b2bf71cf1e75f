import type { Channel } from './channel.js'
import type { Connection } from './connection.js'
import { Cursor, type Standing } from './cursor.js'

/** What the server remembers of a client, also while it has no connection. */
export class Session {
  readonly clientId: string
  readonly token: string
  readonly subscriptions = new Map<string, Cursor>()
  readonly watches = new Map<string, Cursor>()
  /** What the client shows, by channel. */
  readonly infos = new Map<string, unknown>()
  connection: Connection | null = null
  /** When the connection was lost. */
  lostAt = 0
  lingering: number | undefined

  constructor(clientId: string, token: string, everyone: Channel) {
    this.clientId = clientId
    this.token = token
    this.subscriptions.set(everyone.name, new Cursor(everyone, 'publications', everyone.publications.top))
  }

  /** Subscriptions that count. */
  get size(): number {
    return this.subscriptions.size - 1
  }

  /** Writes what there is to be written of a channel, or of all. */
  flush(channel?: string): void {
    if (this.connection === null) return
    for (const cursor of this.#cursors(channel)) {
      for (const push of cursor.take(this.clientId)) this.connection.push(push)
    }
  }

  /** Everything begins at what has certainly arrived. */
  rewind(): Record<string, Standing> {
    for (const watch of this.watches.values()) watch.rewind()
    return Object.fromEntries([...this.subscriptions].map(([name, cursor]) => [name, cursor.rewind()]))
  }

  /** What was written so far arrives when the function that this gives is called. */
  mark(): () => void {
    const marks = this.#cursors().map((cursor) => cursor.mark())
    return () => marks.forEach((arrived) => arrived())
  }

  #cursors(channel?: string): readonly Cursor[] {
    const all = [...this.subscriptions.values(), ...this.watches.values()]
    return channel === undefined ? all : all.filter((cursor) => cursor.channel.name === channel)
  }
}
