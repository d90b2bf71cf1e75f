/** The newest of many values; the oldest are forgotten. */
export class Recent {
  readonly #most: number
  readonly #values = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  add(value: string): void {
    this.#values.delete(value)
    this.#values.add(value)
    const [oldest] = this.#values
    if (this.#values.size > this.#most && oldest !== undefined) {
      this.#values.delete(oldest)
    }
  }

  has(value: string): boolean {
    return this.#values.has(value)
  }
}
