/** One direction of a connection: what is put in happens in order, each in a microtask of its own. */
export class Pipe {
  #queue: (() => void)[] = []
  #scheduled = false
  #held = false

  /** While it is held nothing happens; afterwards everything that has waited. */
  hold(on: boolean): void {
    this.#held = on
    this.#schedule()
  }

  push(arrival: () => void): void {
    this.#queue.push(arrival)
    this.#schedule()
  }

  /** Loses what is on its way. */
  clear(): void {
    this.#queue = []
  }

  #schedule(): void {
    if (this.#scheduled || this.#held || this.#queue.length === 0) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (this.#held) return
      const arrival = this.#queue.shift()
      try {
        arrival?.()
      } finally {
        this.#schedule()
      }
    })
  }
}
