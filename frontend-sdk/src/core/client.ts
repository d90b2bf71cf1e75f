import { createAsks } from './asks.js'
import { createChannel } from './channel.js'
import type { Channel } from './channel.js'
import { createTimers, systemClock } from './clock.js'
import { createConnection } from './connection.js'
import type { Environment } from './environment.js'
import { BroadcastError } from './errors.js'
import { checkFeatures } from './features.js'
import { createOutbox } from './outbox.js'
import { pageOf, refusal } from './protocol.js'
import type { AckData, Command } from './protocol.js'
import { resume } from './resume.js'
import { presencePage } from './roster.js'
import { createStats } from './stats.js'
import type {
  AnyChannels,
  ChannelMap,
  Client,
  ClientOptions,
  PresencePage,
  SubscribeOptions,
  Subscription,
} from './types.js'

/**
 * A client of the server at `options.url`. It connects when somebody wants something; {@link Client.close} ends it.
 *
 * It wires the parts together: what comes over the connection goes to channels and outbox, and what they want to the connection.
 *
 * @throws BroadcastError `invalid-request` for an option without the import that it needs
 */
export function createClient<Channels extends ChannelMap = AnyChannels>(
  options: ClientOptions<Channels>,
): Client<Channels> {
  checkFeatures(options)
  const channels = new Map<string, Channel>()
  let closed: BroadcastError | null = null

  const report = (error: BroadcastError): void => {
    try {
      // An exception of the application must not vanish where nobody listens
      // eslint-disable-next-line no-console
      ;(options.onError ?? console.error)(error)
    } catch {
      // There is nobody left to tell
    }
  }

  const changed = (): void => {
    if (closed === null) {
      connection.want(channels.size > 0 || asks.size > 0 || outbox.hasPending)
    }
  }

  const stats = createStats(report)
  const { clock = systemClock, random = Math.random } = options
  const { connectTimeoutMs = 10_000, answerTimeoutMs = 10_000, probeTimeoutMs = 2_000 } = options
  const timers = createTimers(clock)
  const { count } = stats
  const env: Environment = {
    options,
    now: () => clock.now(),
    timer: timers.timer,
    random,
    connectTimeoutMs,
    answerTimeoutMs,
    probeTimeoutMs,
    report,
    count,
    changed,
    channels,
    link: null,
  }
  const asks = createAsks(env)

  const outbox = createOutbox(env)

  const connection = createConnection(env, {
    // Everything goes out at once, so that a reconnect takes one round trip
    opened(link) {
      resume(env, link, [...channels.values()])
      asks.opened()
      outbox.pump()
    },
    push(push) {
      if (push.type === 'message') {
        stats.count('received')
      }
      channels.get(push.channel)?.push(push)
    },
    lost() {
      for (const channel of channels.values()) {
        channel.lost()
      }
    },
    failed: asks.fail,
  })

  const channelOf = (name: string): Channel => {
    const known = channels.get(name)
    if (known !== undefined) {
      return known
    }
    const channel = createChannel(name, {
      env,
      asks,
      isWithheld: outbox.isWithheld,
      awaitsOwn: outbox.awaitsOwn,
      arrived: outbox.arrived,
      abandoned() {
        if (channels.get(name) === channel) {
          channels.delete(name)
          channel.registration.leave(() => channels.has(name))
          outbox.arrived()
          changed()
        }
      },
    })
    channels.set(name, channel)
    return channel
  }

  const end = (): void => {
    for (const channel of channels.values()) {
      channel.end()
    }
    channels.clear()
  }

  const ask = (command: Command): Promise<AckData> => (closed === null ? asks.ask(command) : Promise.reject(closed))

  const client: Client = {
    get state() {
      return connection.state
    },
    get stats() {
      return stats.snapshot
    },
    outbox,
    onStateChange: connection.onChange,
    onStatsChange: stats.onChange,
    subscribe<Info>(channel: string, wanted: SubscribeOptions<unknown, Info> = {}): Subscription<Info> {
      const { info, onPresence, snapshot } = wanted
      const { presence = info === undefined && onPresence === undefined ? undefined : null } = wanted
      checkFeatures({ presence, snapshot })
      const subscriber = channelOf(channel).add(wanted as SubscribeOptions)
      if (closed !== null) {
        end()
      }
      changed()
      return subscriber
    },
    broadcast: outbox.broadcast,
    async history(channel, { since, limit } = {}) {
      const page = pageOf(channel, await ask({ type: 'history', channel, since, limit }))
      if (page === null) {
        throw refusal(undefined, channel)
      }
      return page
    },
    async presence<Info>(channel: string, { after, limit }: { after?: string; limit?: number } = {}) {
      return presencePage(await ask({ type: 'presence', channel, after, limit })) as PresencePage<Info>
    },
    connect() {
      if (closed === null) {
        connection.connect()
      }
    },
    close() {
      if (closed === null) {
        closed = new BroadcastError('closed', 'the client is closed: make another one')
        asks.fail(closed)
        outbox.close(closed)
        connection.close()
        end()
        timers.end()
      }
    },
  }
  return client as unknown as Client<Channels>
}
