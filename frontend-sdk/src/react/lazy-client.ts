import { createTimer, systemClock } from '../core/clock.js'
import type { Client, ClientOptions, ClientStats, ConnectionState, Outgoing } from '../core/types.js'
import { createClient } from '../index.js'
import { isSame } from './store.js'

/** How long a client stays when nothing on the page holds it. */
const LINGER_MS = 1000

export const IDLE: ConnectionState = { status: 'idle' }
const NO_MESSAGES: readonly Outgoing[] = []
export const NO_STATS: ClientStats = {
  received: 0,
  delivered: 0,
  duplicates: 0,
  gaps: 0,
  sent: 0,
  confirmed: 0,
  failed: 0,
  connections: 0,
  failures: 0,
  sockets: 0,
}

/**
 * A client that is made when it is first used, so that rendering has no effects, and again when it is used after its end by
 * lingering. All of the same URL, identity and kind of socket stand for the same client.
 */
export interface LazyClient extends Client {
  /** Takes newer callbacks. */
  update(options: ClientOptions): void
  /** Makes the client, if it is not there, and keeps it until what is returned was called, once. */
  retain(): () => void
}

/** A client, and who has to do with it. */
interface Shared {
  readonly key: readonly unknown[]
  readonly client: Client
  /** Of the lazy client that was rendered last. */
  options: ClientOptions
  holders: number
  /** Nobody held it for long enough, and it was closed. */
  gone: boolean
  /** Decides later whether to close it. */
  linger(): void
}

const all = new Set<Shared>()

export function lazyClient(initial: ClientOptions): LazyClient {
  let options = initial
  let shared: Shared | undefined

  const current = (): Client | undefined => (shared === undefined || shared.gone ? undefined : shared.client)

  const share = (): Shared => {
    if (shared === undefined || shared.gone) shared = find(options) ?? make(options)
    return shared
  }

  const open = (): Client => {
    const used = share()
    if (used.holders === 0) used.linger()
    return used.client
  }

  return {
    get state() {
      return current()?.state ?? IDLE
    },
    get stats() {
      return current()?.stats ?? NO_STATS
    },
    outbox: {
      get messages() {
        return current()?.outbox.messages ?? NO_MESSAGES
      },
      onChange: (listener) => open().outbox.onChange(listener),
      cancel: (messageId) => open().outbox.cancel(messageId),
      retry: (messageId) => open().outbox.retry(messageId),
    },
    onStateChange: (listener) => open().onStateChange(listener),
    onStatsChange: (listener) => open().onStatsChange(listener),
    subscribe: (channel, wanted) => open().subscribe(channel, wanted),
    broadcast: (channel, data, how) => open().broadcast(channel, data, how),
    history: (channel, page) => open().history(channel, page),
    presence: (channel, page) => open().presence(channel, page),
    connect: () => open().connect(),
    close: () => {
      const closed = share()
      all.delete(closed)
      closed.client.close()
    },
    update: (newer) => {
      options = newer
      if (shared !== undefined) shared.options = newer
    },
    retain: () => {
      const held = share()
      held.holders++
      return () => {
        held.holders--
        held.linger()
      }
    },
  }
}

/** What makes a client another one. */
export function keyOf(options: ClientOptions | null): readonly unknown[] {
  return [options?.url, options?.identity, options?.WebSocket]
}

function find(options: ClientOptions): Shared | undefined {
  return [...all].find(({ key }) => isSame(key, keyOf(options)))
}

function make(options: ClientOptions): Shared {
  const { auth, onError, clock } = options
  const timer = createTimer(clock ?? systemClock)
  const client = createClient({
    ...options,
    ...(auth && { auth: () => (shared.options.auth ?? auth)() }),
    ...(onError && { onError: (error) => (shared.options.onError ?? onError)(error) }),
  })
  const shared: Shared = {
    key: keyOf(options),
    options,
    holders: 0,
    gone: false,
    client,
    linger: () => {
      timer.set(LINGER_MS, () => {
        if (shared.holders > 0 || shared.gone || isSending(shared)) return
        shared.gone = true
        all.delete(shared)
        stop()
        client.close()
      })
    },
  }
  // What waits may be all that it is kept for.
  const stop = client.outbox.onChange(() => {
    if (shared.holders === 0) shared.linger()
  })
  for (const other of all) other.linger()
  all.add(shared)
  return shared
}

/**
 * Whether it is kept for messages that wait, which would be lost with it. Not beside a client of another identity: by then its
 * auth callback may speak for somebody else.
 */
function isSending({ client, options }: Shared): boolean {
  const isAlone = [...all].every(
    (other) => other.options.url !== options.url || other.options.identity === options.identity,
  )
  return isAlone && client.outbox.messages.some(({ status }) => status === 'queued' || status === 'sent')
}
