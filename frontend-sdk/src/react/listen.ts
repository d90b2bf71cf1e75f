import type { Client, Message, Position, SubscribeOptions, Subscription, SubscriptionState } from '../core/types.js'
import { useClient } from './provider.js'
import type { Latest } from './store.js'
import type { ListenOptions } from './types.js'

/** A channel that a hook listens to, and how far it has come. A subscription that ends and begins again goes on there. */
export interface Target {
  readonly client: Client
  readonly channel: string | null
  readonly since: Position | undefined
  position: Position | undefined
}

export type TargetKey = readonly [Client, string | null, string | undefined, number | undefined]

/** What makes a target another one, and the target. */
export function useTarget(
  hook: string,
  channel: string | null,
  { client: given, enabled = true, since }: ListenOptions,
): { key: TargetKey; make: () => Target } {
  const client = useClient(hook, given)
  const wanted = enabled ? channel : null
  return {
    key: [client, wanted, since?.epoch, since?.offset],
    make: () => ({ client, channel: wanted, since, position: undefined }),
  }
}

/** Subscribes; returns the subscription, or nothing for a target without channel. */
export function listen<Data, Info>(
  target: Target,
  latest: Latest<ListenOptions>,
  on: SubscribeOptions<Data, Info>,
): Subscription<Info> | undefined {
  const { client, channel } = target
  if (channel === null) return undefined
  const { snapshot } = on
  const { last } = latest.current
  // A snapshot brings all that was missed; otherwise the messages themselves have to come.
  const since = (snapshot === undefined ? target.position : undefined) ?? target.since
  const fromNow = since === undefined && last === undefined

  const changed = (state: SubscriptionState): void => {
    if (state.status === 'active' && fromNow) target.position ??= state.position
    on.onStateChange?.(state)
  }

  const subscription = client.subscribe<string, Info>(channel, {
    ...on,
    ...(since !== undefined ? { since } : last !== undefined ? { last } : {}),
    onMessage: (message) => {
      target.position = { epoch: message.epoch, offset: message.offset }
      on.onMessage?.(message as Message<Data>)
    },
    onGap: (gap) => {
      target.position = gap.position
      on.onGap?.(gap)
      latest.current.onGap?.(gap)
    },
    onStateChange: changed,
  })
  changed(subscription.state)
  return subscription
}

/** How to end it. */
export function ending(subscription: Subscription | undefined): (() => void) | undefined {
  return subscription && (() => subscription.unsubscribe())
}
