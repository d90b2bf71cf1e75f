import type { Gap, Message, SubscribeOptions, SubscriptionState } from '../core/types.js'
import type { Target } from './listen.js'
import { ending, listen, useTarget } from './listen.js'
import { sharedSnapshot } from './snapshot.js'
import type { Latest, Source } from './store.js'
import { useSource } from './store.js'
import type {
  ChannelGap,
  ChannelHookOptions,
  ChannelMessages,
  ChannelValue,
  MessagesOptions,
  ReduceOptions,
  SubscriptionOptions,
} from './types.js'

const DEFAULT_LIMIT = 100

type AnyReduceOptions = ReduceOptions<unknown, unknown>
type AnyOptions = SubscriptionOptions | AnyReduceOptions

export function useSubscription(
  channel: string | null,
  options: AnyOptions = {},
): ChannelMessages | ChannelValue<unknown> {
  const { key, make } = useTarget('useSubscription', channel, options)
  const reduces = 'reduce' in options
  return useSource<ChannelMessages | ChannelValue<unknown>, AnyOptions>([...key, reduces], options, (latest) =>
    reduces ? reduced(make(), latest as Latest<AnyReduceOptions>) : kept(make(), latest as Latest<SubscriptionOptions>),
  )
}

export function useMessages(
  channel: string | null,
  handler: (message: Message) => void,
  options: MessagesOptions = {},
): void {
  const { key, make } = useTarget('useMessages', channel, options)
  useSource(key, { ...options, handler }, (latest) => heard(make(), latest))
}

export function useGap(channel: string | null, options: ChannelHookOptions = {}): ChannelGap {
  const { key, make } = useTarget('useGap', channel, options)
  return useSource(key, options, (latest) => lastGap(make(), latest))
}

/** Gap and state, which most views show, and how they change. */
export function watched(target: Target): {
  readonly seen: { gap: Gap | null; state: SubscriptionState }
  readonly handlers: (touch: () => void) => Required<Pick<SubscribeOptions, 'onGap' | 'onStateChange'>>
} {
  const seen: { gap: Gap | null; state: SubscriptionState } = {
    gap: null,
    state: { status: target.channel === null ? 'ended' : 'pending' },
  }
  return {
    seen,
    handlers: (touch) => ({
      onGap: (gap) => {
        seen.gap = gap
        touch()
      },
      onStateChange: (state) => {
        if (state.status === 'pending' && seen.state.status === 'pending') return
        seen.state = state
        touch()
      },
    }),
  }
}

/** The newest messages. */
function kept(target: Target, latest: Latest<SubscriptionOptions>): Source<ChannelMessages> {
  const { seen, handlers } = watched(target)
  let messages: Message[] = []
  let lastMessage: Message | undefined
  const limit = (): number => Math.max(0, latest.current.limit ?? DEFAULT_LIMIT)
  const newest = (): Message[] => (limit() > 0 ? messages.slice(-limit()) : [])
  return {
    view: () => ({ messages: newest(), lastMessage, ...seen }),
    start: (touch) =>
      ending(
        listen(target, latest, {
          ...handlers(touch),
          ...sharedSnapshot(latest),
          onMessage: (message) => {
            lastMessage = message
            messages.push(message)
            // Only at twice the limit, so that not every message costs an array.
            if (messages.length > 2 * limit()) messages = newest()
            touch()
          },
        }),
      ),
  }
}

/** What the messages add up to. */
function reduced(target: Target, latest: Latest<AnyReduceOptions>): Source<ChannelValue<unknown>> {
  const { seen, handlers } = watched(target)
  let value = latest.current.initial
  let starts = 0
  return {
    view: () => ({ value, ...seen }),
    start: (touch) => {
      const mine = ++starts
      return ending(
        listen(target, latest, {
          ...handlers(touch),
          ...sharedSnapshot(latest, (loaded) => {
            // Of a start before, it may come too late.
            if (mine !== starts) return
            value = loaded
            touch()
          }),
          onMessage: (message) => {
            value = latest.current.reduce(value, message)
            touch()
          },
        }),
      )
    },
  }
}

/** Messages that go to a handler, and nothing to be seen. */
function heard(
  target: Target,
  latest: Latest<MessagesOptions & { handler: (message: Message) => void }>,
): Source<null> {
  return {
    view: () => null,
    start: () =>
      ending(
        listen(target, latest, {
          ...sharedSnapshot(latest),
          onMessage: (message) => latest.current.handler(message),
        }),
      ),
  }
}

function lastGap(target: Target, latest: Latest<ChannelHookOptions>): Source<ChannelGap> {
  const { seen, handlers } = watched(target)
  let changed: (() => void) | undefined
  const dismiss = (): void => {
    seen.gap = null
    changed?.()
  }
  return {
    view: () => ({ gap: seen.gap, dismiss }),
    start: (touch) => {
      changed = touch
      return ending(listen(target, latest, { onGap: handlers(touch).onGap }))
    },
  }
}
