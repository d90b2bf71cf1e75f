import { listen, useTarget } from './listen.js'
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
  let shown: string | undefined
  return {
    view: () => ({ count, members, state: seen.state }),
    start: (touch) => {
      const { info } = latest.current
      shown = asText(info)
      subscription = listen(target, latest, {
        ...handlers(touch),
        presence: true,
        ...(info !== undefined && { info }),
        onPresence: (there) => {
          ;({ count, members } = there)
          touch()
        },
      })
      return () => {
        subscription?.unsubscribe()
        subscription = undefined
      }
    },
    rendered: () => {
      const { info } = latest.current
      const text = asText(info)
      if (subscription === undefined || text === shown) return
      shown = text
      subscription.setInfo(info)
    },
  }
}

/** What cannot be JSON is another thing each time, and the client says what is wrong with it. */
function asText(info: unknown): string | undefined {
  try {
    return JSON.stringify(info)
  } catch {
    return String(Math.random())
  }
}
