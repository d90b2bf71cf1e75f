export type Tone = 'plain' | 'good' | 'bad'

export interface Entry {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
  readonly tone: Tone
}

const MOST = 40

/** What has happened on this page, the newest first. */
export class Journal {
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #entries: readonly Entry[] = []
  #ids = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** The same array until there is another entry. */
  readonly snapshot = (): readonly Entry[] => this.#entries

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  add(text: string, tone: Tone = 'plain'): void {
    this.#entries = [{ id: ++this.#ids, at: this.#now(), text, tone }, ...this.#entries].slice(0, MOST)
    for (const listener of this.#listeners) listener()
  }
}
