/** A frame of RFC 6455. The server agrees to no extension, so a payload is what it says. */
export interface Frame {
  /** As it was on the wire. */
  readonly bytes: Buffer
  /** 1 for text, 0 for what continues it, 8 and above for control frames; null for the head of HTTP, which is no frame. */
  readonly opcode: number | null
  readonly isFinal: boolean
  /** Without mask. */
  readonly payload: Buffer
}

const HEAD_END = '\r\n\r\n'

/** Takes one direction of a WebSocket connection apart: the head of HTTP, then frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)
  #head: string | null = null

  /** Request or response, when it has come. */
  get head(): string | null {
    return this.#head
  }

  /** What is whole, including what has waited. */
  read(bytes: Buffer): readonly Frame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    if (this.#head === null) {
      const end = this.#rest.indexOf(HEAD_END)
      if (end < 0) return []
      const head = this.#take(end + HEAD_END.length)
      this.#head = head.toString('latin1')
      frames.push({ bytes: head, opcode: null, isFinal: true, payload: head })
    }
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame)
    return frames
  }

  #next(): Frame | null {
    const rest = this.#rest
    if (rest.length < 2) return null
    const [first = 0, second = 0] = rest
    const short = second & 0x7f
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
    const isMasked = (second & 0x80) !== 0
    const start = 2 + lengthBytes + (isMasked ? 4 : 0)
    if (rest.length < start) return null
    const length =
      lengthBytes === 2 ? rest.readUInt16BE(2) : lengthBytes === 8 ? Number(rest.readBigUInt64BE(2)) : short
    if (rest.length < start + length) return null
    const bytes = this.#take(start + length)
    const payload = Buffer.from(bytes.subarray(start))
    if (isMasked) {
      const mask = bytes.subarray(start - 4, start)
      for (let i = 0; i < length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0)
    }
    return { bytes, opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload }
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return taken
  }
}
