import { BroadcastError, createClient, snapshotOf, standardSchemas } from 'broadcast-socket-sdk'
import type {
  Accepted,
  Client,
  ClientOptions,
  ConnectionState,
  Gap,
  Message,
  SubscribeOptions,
} from 'broadcast-socket-sdk'

/** What one subscriber was told. */
export interface Heard {
  readonly messages: Message[]
  readonly gaps: Gap[]
  /** How often its snapshot was loaded, by all its subscribers. */
  snapshots: number
  /** What broke the promise: once, in order, or a gap. */
  readonly faults: string[]
}

export interface Told {
  readonly code: string
  readonly message: string
  readonly channel: string | undefined
  /** Whether it is the SDK's class. */
  readonly isBroadcastError: boolean
}

export interface ClientPage {
  readonly createClient: typeof createClient
  readonly standardSchemas: typeof standardSchemas
  /** The client that {@link start} has made. */
  client: Client
  /** All that was heard, by channel. */
  readonly heard: Record<string, Heard>
  /** For tests to put there what they wait for. */
  readonly accepted: Accepted[]
  /** What `onError` was told. */
  readonly errors: Told[]
  /** All states of the client, and when they began, as `performance.now()` tells. */
  readonly states: { readonly state: ConnectionState; readonly at: number }[]
  /** Makes a client that comes back quickly. */
  start(options: ClientOptions): void
  /** Notes what comes; `counted` ones load snapshots, and have a second subscriber that shares them. */
  listen(channels: readonly string[], options?: SubscribeOptions & { readonly counted?: boolean }): void
  /** What can be told to the test of an error. */
  tell(error: unknown): Told
}

declare global {
  interface Window {
    readonly sdk: ClientPage
  }
}

const sdk: ClientPage = {
  createClient,
  standardSchemas,
  get client(): Client {
    throw new Error('there is no client: start one')
  },
  heard: {},
  accepted: [],
  errors: [],
  states: [],
  start(options) {
    const client = createClient({
      reconnect: { minMs: 50, maxMs: 500 },
      ...options,
      onError: (error) => {
        sdk.errors.push(sdk.tell(error))
        options.onError?.(error)
      },
    })
    Object.defineProperty(sdk, 'client', { value: client, configurable: true })
    client.onStateChange((state) => sdk.states.push({ state, at: performance.now() }))
  },
  listen(channels, { counted = false, ...options } = {}) {
    for (const channel of channels) {
      const heard: Heard = { messages: [], gaps: [], snapshots: 0, faults: [] }
      let last: { epoch: string; offset: number } | undefined
      const snapshot = snapshotOf(async () => {
        heard.snapshots++
      })
      sdk.heard[channel] = heard
      if (counted) sdk.client.subscribe(channel, { snapshot })
      sdk.client.subscribe(channel, {
        ...options,
        ...(counted && { snapshot }),
        onMessage: (message) => {
          const { epoch, offset } = message
          if (last !== undefined && (epoch !== last.epoch || offset !== last.offset + 1)) {
            heard.faults.push(`${epoch}/${offset} came after ${last.epoch}/${last.offset}`)
          }
          last = { epoch, offset }
          heard.messages.push(message)
          options.onMessage?.(message)
        },
        onGap: (gap) => {
          last = gap.position
          heard.gaps.push(gap)
          options.onGap?.(gap)
        },
      })
    }
  },
  tell(error) {
    const isBroadcastError = error instanceof BroadcastError
    return isBroadcastError
      ? { code: error.code, message: error.message, channel: error.channel, isBroadcastError }
      : { code: '', message: String(error), channel: undefined, isBroadcastError }
  },
}

Object.assign(window, { sdk })
