import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import type { Told } from './pages/client.js'
import { eventually } from './harness/eventually.js'
import { freePort } from '../contract/free-port.js'
import { Stranger } from './harness/strangers.js'
import { SOCKET_FAILED, test, type OpenOptions, type World } from './harness/world.js'

type Failure = Told & { readonly status: string }

/** The first error of a client that connects there, and the state in which it is told. */
async function failure(page: Page, url: string): Promise<Failure> {
  await page.evaluate((to) => {
    window.sdk.start({ url: to, connectTimeoutMs: 1_000 })
    window.sdk.client.connect()
  }, url)
  const failures = () =>
    page.evaluate(() =>
      window.sdk.states.flatMap(({ state }) =>
        'error' in state ? [{ ...window.sdk.tell(state.error), status: state.status }] : [],
      ),
    )
  const [found] = await eventually(failures, ({ length }) => length > 0)
  return found as Failure
}

async function failureAt(world: World, url: string, options?: OpenOptions): Promise<Failure> {
  return failure(await world.open('client', options), url)
}

/** That of a server that is not ours, which is told by the state of each attempt, again and again. */
async function failureWith(world: World, making: Promise<Stranger>): Promise<Failure> {
  world.expects(SOCKET_FAILED)
  const stranger = await making
  try {
    return await failureAt(world, stranger.url)
  } finally {
    await stranger.close()
  }
}

/** Trying again leads to the same end. */
const final = (code: string, sentence: RegExp): object => told('failed', code, sentence)
/** It will be tried again. */
const passing = (code: string, sentence: RegExp): object => told('waiting', code, sentence)

function told(status: string, code: string, sentence: RegExp): object {
  return { status, code, message: expect.stringMatching(sentence) as unknown, isBroadcastError: true }
}

test('http:// instead of ws://', async ({ world }) => {
  const url = world.serverUrl.replace('ws:', 'http:')
  expect(await failureAt(world, url)).toMatchObject(final('invalid-url', /write ws:\/\//))
})

test('no address at all', async ({ world }) => {
  expect(await failureAt(world, 'ws://')).toMatchObject(final('invalid-url', /write ws:\/\/host:port/))
})

test('a port where nobody listens', async ({ world }) => {
  world.expects(SOCKET_FAILED)
  const url = `ws://127.0.0.1:${await freePort()}/`
  expect(await failureAt(world, url)).toMatchObject(passing('connect-failed', /server there/))
})

test('a host that does not exist', async ({ world }) => {
  world.expects(SOCKET_FAILED)
  const csp = 'connect-src *'
  expect(await failureAt(world, 'ws://nobody.invalid/', { csp })).toMatchObject(
    passing('connect-failed', /server there/),
  )
})

test('a server that never answers', async ({ world }) => {
  world.expects(SOCKET_FAILED)
  const { proxy, url } = await world.proxy()
  proxy.silent = true
  expect(await failureAt(world, url)).toMatchObject(passing('connect-timeout', /within 1000 ms/))
})

// Of a handshake that failed a page learns nothing but that
test.for([404, 426, 503])('a server that answers with HTTP %i', async (status, { world }) => {
  expect(await failureWith(world, Stranger.http(status))).toMatchObject(passing('connect-failed', /server there/))
})

test('a WebSocket server that does not know the subprotocol', async ({ world }) => {
  const echo = Stranger.webSocket(false, (socket) => socket.on('message', (data) => socket.send(data)))
  expect(await failureWith(world, echo)).toMatchObject(passing('connect-failed', /server there/))
})

test('a WebSocket server that selects another version', async ({ world }) => {
  const old = Stranger.webSocket('broadcast.v0', () => undefined)
  expect(await failureWith(world, old)).toMatchObject(passing('connect-failed', /server there/))
})

test('a WebSocket server that takes any subprotocol and only listens', async ({ world }) => {
  const silent = Stranger.webSocket('broadcast.v1', () => undefined)
  expect(await failureWith(world, silent)).toMatchObject(passing('connect-timeout', /within 1000 ms/))
})

test.for(['hello', '{"type":"welcome"}', '42["connect"]'])(
  'a WebSocket server that greets with %s',
  async (text, { world }) => {
    const other = Stranger.webSocket('broadcast.v1', (socket) => socket.send(text))
    expect(await failureWith(world, other)).toMatchObject(
      passing('not-a-broadcast-server', /ws:\/\/127\.0\.0\.1:\d+\/ does not greet like a broadcast server/),
    )
  },
)

test('a server that closes because of the protocol', async ({ world }) => {
  const old = Stranger.webSocket('broadcast.v1', (socket) => socket.close(1002, 'protocol-error'))
  expect(await failureWith(world, old)).toMatchObject(final('protocol-mismatch', /did not understand this client: \w+/))
})

test('ws:// to another host from a page of https://', async ({ world }) => {
  const failed = await failureAt(world, 'ws://example.test/', { secure: true, csp: 'connect-src *' })
  expect(failed).toMatchObject(final('insecure-url', /use wss:\/\//))
})

test('a page of https:// may connect to this machine', async ({ world }) => {
  const page = await world.open('client', { secure: true })
  await page.evaluate((to) => {
    window.sdk.start({ url: to })
    window.sdk.client.connect()
  }, world.serverUrl)
  await eventually(
    () => page.evaluate(() => window.sdk.client.state.status),
    (status) => status === 'open',
  )
})

// Chromium fires `error` for it, and no `close`
test('a policy of the page that forbids the connection', async ({ world }) => {
  world.expects(/Content Security Policy/)
  const failed = await failureAt(world, world.serverUrl, { csp: "connect-src 'none'" })
  expect(failed).toMatchObject(told(failed.status, 'connect-failed', /Content-Security-Policy/))
})

test('none of them is told twice, and the client goes on when the server is there', async ({ world }) => {
  world.expects(SOCKET_FAILED)
  const { proxy, url } = await world.proxy()
  proxy.target = null
  const page = await world.open('client')
  await failure(page, url)
  proxy.target = world.stage.serverPort
  await eventually(
    () => page.evaluate(() => window.sdk.client.state.status),
    (status) => status === 'open',
  )
  // What the state says is not told by onError as well
  expect(await page.evaluate(() => window.sdk.errors)).toEqual([])
})
