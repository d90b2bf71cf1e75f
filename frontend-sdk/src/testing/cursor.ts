import type { Position } from '../core/types.js'
import type { Channel, Visit } from './channel.js'
import type { ChannelLog, Missing, Publication } from './log.js'

/** What a subscription tells its client. */
export type Push =
  | {
      readonly type: 'message'
      readonly channel: string
      readonly data: unknown
      readonly messageId: string
      readonly offset: number
      readonly timestamp: number
    }
  | {
      readonly type: 'join' | 'leave'
      readonly channel: string
      readonly data: unknown
      readonly offset: number
      readonly timestamp: number
    }
  | { readonly type: 'gap'; readonly channel: string; readonly data: Missing & { readonly presence?: true } }

/** How a subscription stands, in the words of its ack. */
export interface Standing extends Position {
  readonly recovered: boolean
  readonly redelivered?: number
}

/** A client's place in one of the two streams of a channel. */
export class Cursor {
  readonly channel: Channel
  readonly #stream: 'publications' | 'visits'
  /** After what was written. */
  #position: Position
  /** After what has certainly arrived. */
  #confirmed: Position

  constructor(channel: Channel, stream: 'publications' | 'visits', position: Position) {
    this.channel = channel
    this.#stream = stream
    this.#position = position
    this.#confirmed = position
  }

  get standing(): Standing {
    const { start, gap } = this.#log.recover(this.#position)
    return { ...start, recovered: gap === undefined }
  }

  /** Goes back to what has certainly arrived. */
  rewind(): Standing {
    const written = this.#position
    this.#position = this.#confirmed
    const standing = this.standing
    const redelivered = written.epoch === standing.epoch ? written.offset - standing.offset : 0
    return redelivered > 0 ? { ...standing, redelivered } : standing
  }

  /** What was written so far arrives when the function that this gives is called. */
  mark(): () => void {
    const written = this.#position
    return () => {
      this.#confirmed = written
    }
  }

  /** Takes what there is to be written: a gap first if there is one, then all that follows but what is withheld from this client. */
  take(clientId: string): readonly Push[] {
    const { start, gap } = this.#log.recover(this.#position)
    const following = this.#log.after(start.offset)
    this.#position = this.#log.top
    const pushes = following.filter((entry) => entry.withheldFrom !== clientId).map((entry) => this.#push(entry))
    return gap === undefined ? pushes : [this.#gap(gap), ...pushes]
  }

  get #log(): ChannelLog {
    return this.channel[this.#stream]
  }

  #gap(missing: Missing): Push {
    const data = this.#stream === 'visits' ? { presence: true as const, ...missing } : missing
    return { type: 'gap', channel: this.channel.name, data }
  }

  #push({ data, messageId, offset, timestamp }: Publication): Push {
    const channel = this.channel.name
    if (this.#stream === 'publications') return { type: 'message', channel, data, messageId, offset, timestamp }
    const { type, member } = data as Visit
    return { type, channel, data: member, offset, timestamp }
  }
}
