import type { Client, Gap, Message, Position, SubscribeOptions, Subscription } from '../../src/index.js'
import type { TestServer } from '../../src/testing/index.js'

/** A subscriber that holds what it is told against the server's log: each publication once and in order, or in a gap. */
export class CheckedSubscriber {
  readonly subscription: Subscription
  readonly violations: string[] = []
  readonly trace: string[] = []
  readonly #channel: string
  readonly #server: TestServer
  readonly #isOwn: (messageId: string) => boolean
  /** After what it was told of; null until it is clear where it begins. */
  #at: Position | null

  constructor(
    client: Client,
    server: TestServer,
    channel: string,
    options: SubscribeOptions,
    isOwn: (messageId: string) => boolean,
  ) {
    this.#channel = channel
    this.#server = server
    this.#isOwn = isOwn
    this.#at = options.since ?? null
    this.trace.push(`begins ${JSON.stringify({ since: options.since, last: options.last })}`)
    this.subscription = client.subscribe(channel, {
      ...options,
      onMessage: (message) => {
        this.#message(message)
      },
      onGap: (gap) => {
        this.#gap(gap)
      },
      onStateChange: (state) => {
        this.trace.push(state.status)
        if (state.status === 'active' && options.last === undefined) {
          this.#at ??= state.position
        }
      },
    })
  }

  /** Everything up to here has been told. */
  expectAt(top: Position): void {
    const at = this.#at === null ? null : this.#skipOwn(this.#at, top.offset + 1)
    if (at !== null && (at.epoch !== top.epoch || at.offset !== top.offset)) {
      this.violations.push(`ends at ${JSON.stringify(at)} instead of ${JSON.stringify(top)}`)
    }
  }

  #message({ epoch, offset, data, messageId }: Message): void {
    this.trace.push(`${epoch} ${offset}`)
    const at = this.#at === null ? { epoch, offset: offset - 1 } : this.#skipOwn(this.#at, offset)
    if (at.epoch !== epoch || at.offset !== offset - 1) {
      this.violations.push(`${epoch} ${offset} after ${JSON.stringify(at)}`)
    }
    const published = this.#publication(epoch, offset)
    if (published?.messageId !== messageId || JSON.stringify(published.data) !== JSON.stringify(data)) {
      this.violations.push(
        `${epoch} ${offset} is ${JSON.stringify(data)}, and ${JSON.stringify(published)} was published`,
      )
    }
    if (this.#isOwn(messageId)) {
      this.violations.push(`${epoch} ${offset} was not to be echoed`)
    }
    this.#at = { epoch, offset }
  }

  #gap({ from, to, reason, position }: Gap): void {
    this.trace.push(`gap ${from}-${to} ${reason} to ${position.epoch} ${position.offset}`)
    if (reason !== 'epoch') {
      const at = this.#at === null ? null : this.#skipOwn(this.#at, from)
      if (
        at !== null &&
        (at.epoch !== position.epoch || at.offset !== from - 1 || to < from || to !== position.offset)
      ) {
        this.violations.push(`a gap ${from}-${to} ${reason} after ${JSON.stringify(at)}`)
      }
    }
    this.#at = position
  }

  /** What was published without echo comes in no message. */
  #skipOwn(at: Position, before: number): Position {
    let { offset } = at
    while (offset + 1 < before && this.#isOwn(this.#publication(at.epoch, offset + 1)?.messageId ?? '')) {
      offset++
    }
    return { epoch: at.epoch, offset }
  }

  #publication(epoch: string, offset: number): ReturnType<TestServer['published']>[number] | undefined {
    return this.#server.published(this.#channel).find((one) => one.epoch === epoch && one.offset === offset)
  }
}
