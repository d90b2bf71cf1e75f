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
  const report = (error: BroadcastError): void => {
    try {
      // An exception of the application must not vanish where nobody listens
      // eslint-disable-next-line no-console
      ;(options.onError ?? console.error)(error)
    } catch {
      // There is nobody left to tell
    }
  }

  const { clock = systemClock, answerTimeoutMs = 10_000, probeTimeoutMs = 2_000 } = options
  const { timer, end } = createTimers(clock)
  const stats = createStats(report)
  const channels = new Map<string, Channel>()
  const env: Environment = {
    options,
    now: () => clock.now(),
    timer,
    answerTimeoutMs,
    probeTimeoutMs,
    report,
    count: stats.count,
    changed() {
      connection.want(channels.size > 0 || asks.size > 0 || outbox.hasPending)
    },
    channels,
    link: null,
    closed: null,
    // Those that are made below
    get asks() {
      return asks
    },
    get outbox() {
      return outbox
    },
  }
  const asks = createAsks(env)
  const outbox = createOutbox(env)
  const connection = createConnection(env)

  const endChannels = (): void => {
    for (const channel of channels.values()) {
      channel.end()
    }
    channels.clear()
  }

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
      const known = channels.get(channel) ?? createChannel(channel, env)
      channels.set(channel, known)
      const subscriber = known.add(wanted as SubscribeOptions)
      if (env.closed !== null) {
        endChannels()
      }
      env.changed()
      return subscriber
    },
    broadcast: outbox.broadcast,
    async history(channel, { since, limit } = {}) {
      const page = pageOf(channel, await asks.ask({ type: 'history', channel, since, limit }))
      if (page === null) {
        throw refusal(undefined, channel)
      }
      return page
    },
    async presence<Info>(channel: string, { after, limit }: { after?: string; limit?: number } = {}) {
      return presencePage(await asks.ask({ type: 'presence', channel, after, limit })) as PresencePage<Info>
    },
    connect() {
      if (env.closed === null) {
        connection.connect()
      }
    },
    close() {
      if (env.closed === null) {
        env.closed = new BroadcastError('closed', 'the client is closed: make another one')
        asks.fail(env.closed)
        outbox.close(env.closed)
        connection.close()
        endChannels()
        end()
      }
    },
  }
  return client as unknown as Client<Channels>
}
