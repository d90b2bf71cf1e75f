import { tokens } from '../core/auth.js'
import { createTimers, systemClock } from '../core/clock.js'
import { NO_STATS } from '../core/stats.js'
import type { Outgoing } from '../core/outbox-types.js'
import type { Client, ConnectionState } from '../core/types.js'
import { createClient } from '../index.js'
import { isSame } from './store.js'
import type { HookClientOptions } from './types.js'

/** How long a client stays when nothing on the page holds it. */
const LINGER_MS = 1000

export const IDLE: ConnectionState = { status: 'idle' }
const NO_MESSAGES: readonly Outgoing[] = []

/**
 * A client that is made when it is first used, so that rendering has no effects, and again when it is used after its end by
 * lingering. All of the same URL, identity and kind of socket stand for the same client; with `auth` not for one without.
 */
export interface LazyClient extends Client {
  /** Takes newer callbacks. */
  update(options: HookClientOptions): void
  /** Makes the client, if it is not there, and keeps it until what is returned was called, once. */
  retain(): () => void
}

/** Whose callbacks are those of the client. */
interface Holder {
  /** Of the last render. */
  options: HookClientOptions
}

/** A client, and who has to do with it. */
interface Shared {
  readonly key: readonly unknown[]
  readonly client: Client
  readonly holders: Set<Holder>
  /** The one that came last, which speaks for it also when there are none yet, or none any more. */
  last: Holder
  /** Nobody held it for long enough, and it was closed. */
  gone: boolean
  /** Decides later whether to close it, when nobody holds it. */
  readonly linger: () => void
}

const all = new Set<Shared>()

export function lazyClient(options: HookClientOptions): LazyClient {
  const holder: Holder = { options }
  let shared: Shared | undefined

  const current = (): Client | undefined => (shared === undefined || shared.gone ? undefined : shared.client)

  const share = (): Shared => {
    if (shared === undefined || shared.gone) shared = find(holder.options) ?? make(holder)
    return shared
  }

  const open = (): Client => {
    const used = share()
    used.linger()
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
      holder.options = newer
    },
    retain: () => {
      const held = share()
      held.holders.add((held.last = holder))
      return () => {
        held.holders.delete(holder)
        held.last = [...held.holders].at(-1) ?? holder
        held.linger()
      }
    },
  }
}

/** What makes a client another one. */
export function keyOf(options: HookClientOptions | null): readonly unknown[] {
  return [options?.url, options?.identity, options?.WebSocket, options?.auth === undefined]
}

function find(options: HookClientOptions): Shared | undefined {
  return [...all].find(({ key }) => isSame(key, keyOf(options)))
}

function make(maker: Holder): Shared {
  const { options } = maker
  const { auth, clock = systemClock } = options
  const timer = createTimers(clock).timer()
  const client = createClient({
    ...options,
    auth: auth && tokens(() => shared.last.options.auth?.() ?? null),
    onError: (error) => {
      const holders = [...shared.holders, shared.last]
      // Many may have the same one. Where there is none, an exception of the application must not vanish
      // eslint-disable-next-line no-console
      for (const tell of new Set(holders.map((holder) => holder.options.onError ?? console.error))) tell(error)
    },
  })
  const shared: Shared = {
    key: keyOf(options),
    holders: new Set(),
    last: maker,
    gone: false,
    client,
    linger: () => {
      if (shared.holders.size > 0) return
      timer.set(LINGER_MS, () => {
        if (shared.holders.size > 0 || shared.gone || isSending(shared)) return
        shared.gone = true
        all.delete(shared)
        stop()
        client.close()
      })
    },
  }
  // What waits may be all that it is kept for.
  const stop = client.outbox.onChange(shared.linger)
  for (const other of all) other.linger()
  all.add(shared)
  return shared
}

/**
 * Whether it is kept for messages that wait, which would be lost with it. Not beside a client of another identity: by then its
 * auth callback may speak for somebody else.
 */
function isSending({ client, key: [url, identity] }: Shared): boolean {
  const isAlone = [...all].every(({ key: other }) => other[0] !== url || other[1] === identity)
  return isAlone && client.outbox.messages.some(({ status }) => status !== 'failed')
}
