import { presence as feature } from '../core/presence.js'
import { ending, listen, useTarget } from './listen.js'
import type { Target } from './listen.js'
import type { Member } from '../core/types.js'
import type { Latest, Source } from './store.js'
import { useSource } from './store.js'
import { watched } from './subscription.js'
import type { ChannelPresence, PresenceOptions } from './types.js'

type Options = PresenceOptions<unknown>

export function usePresence(channel: string | null, options: Options = {}): ChannelPresence {
  const { key, make } = useTarget('usePresence', channel, options)
  return useSource(key, options, (latest) => presence(make(), latest))
}

function presence(target: Target, latest: Latest<Options>): Source<ChannelPresence> {
  const { seen, handlers } = watched(target)
  let count = 0
  let members: readonly Member[] = []
  let subscription: ReturnType<typeof listen> | undefined
  let shown: unknown
  return {
    view: () => ({ count, members, state: seen.state }),
    start: (touch) => {
      const { info } = latest.current
      shown = info
      subscription = listen(target, latest, {
        ...handlers(touch),
        presence: feature,
        ...(info !== undefined && { info }),
        onPresence: (there) => {
          ;({ count, members } = there)
          touch()
        },
      })
      return ending(subscription)
    },
    rendered: () => {
      const { info } = latest.current
      // Another object with the same JSON is nothing to tell the server, as the client knows.
      if (info !== shown) subscription?.setInfo(info)
      shown = info
    },
  }
}
