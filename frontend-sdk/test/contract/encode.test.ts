import { describe, expect, it } from 'vitest'
import { createClient, presence, type Client } from '../../src/index.js'
import { FakeClock, TestServer, type ClientCommand } from '../../src/testing/index.js'
import { EXAMPLES } from './protocol-document.js'

const EPOCH = 'pq3kX0aB9zYw.0'
const since = { epoch: EPOCH, offset: 1 }

interface World {
  readonly client: Client
  readonly server: TestServer
  readonly clock: FakeClock
}

/** What an application does so that the core sends each example of a client, by section and number. */
const CALLS: Readonly<Record<string, (world: World) => void | Promise<void>>> = {
  'subscribe 1': ({ client }) => void client.subscribe('news'),
  'subscribe 2': ({ client }) => void client.subscribe('news', { since }),
  'subscribe 3': ({ client }) => void client.subscribe('news', { last: 2 }),
  'subscribe 5': ({ client }) =>
    void client.subscribe('news', { info: { name: 'Ann' }, presence, onPresence: () => undefined }),
  'broadcast 1': ({ client }) => void client.broadcast('news', { n: 1 }, { messageId: 'm1' }),
  'broadcast 2': ({ client }) => void client.broadcast('news', 1, { messageId: 'm1', echo: false }),
  'unsubscribe 1': async ({ client, clock }) => {
    client.connect()
    const subscription = client.subscribe('news')
    await clock.advance(0)
    subscription.unsubscribe()
    await clock.advance(250)
  },
  'resume 1': async ({ client, server, clock }) => {
    server.tamper((frame) => [frame.replaceAll(/epoch-\d+/g, EPOCH)])
    for (const channel of ['news', 'chat']) {
      client.subscribe(channel)
      await clock.advance(0)
      server.push(channel, 1)
    }
    await clock.advance(0)
    server.drop()
  },
  'history 1': ({ client }) => void client.history('news', { since, limit: 1 }),
  'presence 1': ({ client }) => void client.presence('news', { limit: 10 }),
}

/** What a client may say and ours does not. */
const UNSPOKEN = new Map([
  ['resume 2', 'it knows its positions, and no session'],
  ['ping and pong 2', 'browsers answer ping frames by themselves, and it probes by a command that is answered'],
])

describe('the core sends every example of the protocol', () => {
  const fromClient = EXAMPLES.filter(({ sender }) => sender === 'client')

  it.each(fromClient.filter(({ name }) => !UNSPOKEN.has(name)))('$name', async ({ name, message }) => {
    const clock = new FakeClock()
    const server = new TestServer({ clock })
    const client = createClient({ url: server.url, WebSocket: server.WebSocket, clock, random: () => 0 })
    await CALLS[name]?.({ client, server, clock })
    await clock.advance(300)
    expect(server.commands.map((command) => comparable(command, message))).toContainEqual(message)
    client.close()
  })

  it('but for these', () => {
    expect(fromClient.map(({ name }) => name).filter((name) => !(name in CALLS))).toEqual([...UNSPOKEN.keys()])
  })
})

/** Ids of commands are the client's own affair, those of broadcasts are not. */
function comparable(command: ClientCommand, { messageId }: Readonly<Record<string, unknown>>): object {
  return command.type === 'broadcast' || messageId === undefined ? command : { ...command, messageId }
}
