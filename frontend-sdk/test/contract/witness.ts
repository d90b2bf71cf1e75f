import { expect } from 'vitest'
import type { Client, Gap, Message, Position, SubscribeOptions } from '../../src/index.js'

/** Notes all that a subscriber of a channel is told, and judges it. */
export class Witness {
  readonly messages: Message[] = []
  readonly gaps: Gap[] = []
  readonly faults: string[] = []
  #position: Position | undefined

  constructor(client: Client, channel: string, options: SubscribeOptions = {}) {
    client.subscribe(channel, {
      ...options,
      onMessage: (message) => {
        const { epoch, offset } = message
        const last = this.#position ?? { epoch, offset: offset - 1 }
        if (epoch !== last.epoch || offset !== last.offset + 1) {
          this.faults.push(`${epoch}/${offset} came after ${last.epoch}/${last.offset}`)
        }
        this.#position = { epoch, offset }
        this.messages.push(message)
      },
      onGap: (gap) => {
        this.#position = gap.position
        this.gaps.push(gap)
      },
    })
  }

  get data(): readonly unknown[] {
    return this.messages.map(({ data }) => data)
  }

  /** Each offset came once and in order, or lies in a gap. */
  expectFaultless(): void {
    expect(this.faults).toEqual([])
    const ids = this.messages.map(({ epoch, messageId }) => `${epoch}/${messageId}`)
    expect(new Set(ids).size).toBe(ids.length)
  }
}
