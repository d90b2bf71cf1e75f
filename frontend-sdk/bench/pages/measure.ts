/** What the page of a burst tells. */
export interface Measured {
  /** Commits of React in which the view took part, from the first frame on. */
  readonly commits: number
  /** From the first frame of the burst to the change of the DOM that shows the last. */
  readonly ms: number
  /** Different messages that the component had in its hands in some render. */
  readonly seen: number
  /** Frames that the browser drew meanwhile. */
  readonly frames: number
  /** Exceptions that nobody caught, and what was printed as an error. */
  readonly errors: number
}

/** The data of a publication. */
export interface Item {
  readonly n: number
  readonly text: string
}

export const CHANNEL = 'burst'

/** Watches the socket and the DOM of this page, whatever library is on it. Must be made before the library is used. */
export class Stopwatch {
  readonly #count: number
  readonly #seen = new Set<number>()
  #commits = 0
  #frames = 0
  #came = 0
  #first = NaN
  #last = NaN

  constructor(count: number) {
    this.#count = count
    this.#watchSockets()
    this.#watchDom()
  }

  /** Of a render: it has these messages, of which those before the newest known one are known. */
  see(items: readonly Item[]): void {
    for (let i = items.length - 1; i >= 0; i--) {
      const n = items[i]?.n ?? NaN
      if (this.#seen.has(n)) return
      this.#seen.add(n)
    }
  }

  committed(): void {
    if (this.#came > 0) this.#commits++
  }

  #watchSockets(): void {
    const heard = (data: string): void => this.#heard(data)
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        // The first listener, so that it hears of a frame before the library does
        this.addEventListener('message', ({ data }: MessageEvent<string>) => heard(data))
      }
    }
  }

  #heard(data: string): void {
    if (data.startsWith('{"type":"ack"') && data.includes(`"${CHANNEL}"`)) document.title = 'subscribed'
    if (!data.startsWith('{"type":"message"')) return
    if (this.#came++ > 0) return
    this.#first = performance.now()
    const frame = (): void => {
      this.#frames++
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  }

  #watchDom(): void {
    new MutationObserver(() => {
      if (document.getElementById('last')?.textContent !== String(this.#count - 1)) return
      this.#last = performance.now()
      const { title } = document
      // What is still to come of the burst, and of the commits that it led to, comes before the second frame
      requestAnimationFrame(() => requestAnimationFrame(() => title === document.title && this.#tell()))
    }).observe(document, { subtree: true, childList: true, characterData: true })
  }

  #tell(): void {
    const measured: Omit<Measured, 'errors'> = {
      commits: this.#commits,
      ms: this.#last - this.#first,
      seen: this.#seen.size,
      frames: this.#frames,
    }
    Object.assign(window, { measured })
  }
}
