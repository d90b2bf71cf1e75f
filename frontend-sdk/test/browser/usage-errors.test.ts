import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Told } from './pages/client.js'
import { eventually, fresh } from './harness/eventually.js'
import { test, type World } from './harness/world.js'

const error = (code: string, sentence: RegExp, channel: string): Told => ({
  code,
  message: expect.stringMatching(sentence) as string,
  channel,
  isBroadcastError: true,
})

const errors = (page: Page): Promise<readonly Told[]> => page.evaluate(() => window.sdk.errors)

/** A client that listens to a channel, and what came in it until the message `end`, which comes after all others. */
async function listening(world: World): Promise<{ page: Page; channel: string; heard: () => Promise<unknown[]> }> {
  const channel = fresh()
  const page = await world.open('client')
  await page.evaluate(
    async ([to, name]) => {
      window.sdk.start({ url: to })
      window.sdk.listen([name])
      await window.sdk.client.history(name)
    },
    [world.serverUrl, channel] as const,
  )
  const heard = async (): Promise<unknown[]> => {
    await world.publish(channel, 'end')
    const messages = await eventually(
      () => page.evaluate((name) => window.sdk.heard[name]?.messages ?? [], channel),
      (some) => some.at(-1)?.data === 'end',
    )
    return messages.slice(0, -1).map(({ data }) => data)
  }
  return { page, channel, heard }
}

const WRONG = 'not a channel'

const refusals = (page: Page): Promise<{ subscribed: Told; sent: Told | undefined }> =>
  page.evaluate(async (name) => {
    const { sdk } = window
    const subscribed = await new Promise<Told>((resolve) => {
      sdk.client.subscribe(name, {
        onStateChange: (state) => state.status === 'failed' && resolve(sdk.tell(state.error)),
      })
    })
    const sent = await sdk.client.broadcast(name, 1).then(
      () => undefined,
      (why: unknown) => sdk.tell(why),
    )
    return { subscribed, sent }
  }, WRONG)

test('a name that no channel may have fails what was wanted of it, and nothing else', async ({ world }) => {
  const { page, heard } = await listening(world)
  const expected = { code: 'invalid-channel', message: expect.stringMatching(/1 to 200 characters out of/) as unknown }
  expect(await refusals(page)).toMatchObject({ subscribed: expected, sent: expected })
  expect(await errors(page)).toEqual([])
  expect(await heard()).toEqual([])
})

// The server does not repeat a name that is wrong
test('and the errors name the channel', async ({ world }) => {
  const { page } = await listening(world)
  expect(await refusals(page)).toMatchObject({ subscribed: { channel: WRONG }, sent: { channel: WRONG } })
})

test.for([
  {
    what: 'larger than the server takes',
    data: 'x'.repeat(100_000),
    code: 'message-too-large',
    sentence: /65536 are allowed/,
  },
  { what: 'that is nothing JSON can say', data: undefined, code: 'not-serializable', sentence: /it is undefined/ },
] as const)('a message $what is refused, and the next one is sent', async ({ data, code, sentence }, { world }) => {
  const { page, channel, heard } = await listening(world)
  const refused = await page.evaluate(
    ([name, tooMuch]) =>
      window.sdk.client.broadcast(name, tooMuch).then(
        () => undefined,
        (why: unknown) => window.sdk.tell(why),
      ),
    [channel, data] as const,
  )
  expect(refused).toEqual(error(code, sentence, channel))
  await page.evaluate((name) => window.sdk.client.broadcast(name, 'next'), channel)
  expect(await heard()).toEqual(['next'])
  expect(await page.evaluate(() => window.sdk.client.stats)).toMatchObject({ connections: 1, confirmed: 1 })
  expect(await errors(page)).toEqual([])
})

test('what is published before there is a connection waits for it', async ({ world }) => {
  const channel = fresh()
  const page = await world.open('client')
  const accepted = await page.evaluate(
    ([to, name]) => {
      window.sdk.start({ url: to })
      return window.sdk.client.broadcast(name, 'first')
    },
    [world.serverUrl, channel] as const,
  )
  expect(accepted).toMatchObject({ channel, position: { offset: 1 }, duplicate: false })
  expect(await errors(page)).toEqual([])
})

test('a handler that throws is told of once for each message, and takes nothing from others', async ({ world }) => {
  const { page, channel, heard } = await listening(world)
  await page.evaluate(async (name) => {
    window.sdk.client.subscribe(name, {
      onMessage: ({ data }) => {
        throw new Error(`cannot take ${String(data)}`)
      },
    })
    await window.sdk.client.history(name)
  }, channel)
  for (const data of ['a', 'b']) await world.publish(channel, data)
  expect(await heard()).toEqual(['a', 'b'])
  const told = await eventually(
    () => errors(page),
    ({ length }) => length >= 3,
  )
  expect(told).toEqual(
    ['a', 'b', 'end'].map((data) => error('handler-threw', new RegExp(`threw: Error: cannot take ${data}`), channel)),
  )
})

test('a payload that does not match its schema is told of once, and the next one is delivered', async ({ world }) => {
  const channel = fresh()
  const page = await world.open('client')
  await page.evaluate(
    async ([to, name]) => {
      const validate = (value: unknown) =>
        typeof value === 'number' ? { value } : { issues: [{ message: 'a number is expected' }] }
      const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const
      window.sdk.start({ url: to, schemas: window.sdk.standardSchemas({ [name]: schema }) })
      window.sdk.listen([name])
      await window.sdk.client.history(name)
    },
    [world.serverUrl, channel] as const,
  )
  for (const data of [1, 'two', 3]) await world.publish(channel, data)
  const heard = await eventually(
    () => page.evaluate((name) => window.sdk.heard[name], channel),
    (some) => some?.messages.at(-1)?.data === 3,
  )
  expect(heard?.messages.map(({ data }) => data)).toEqual([1, 3])
  expect(heard?.gaps).toEqual([])
  expect(await errors(page)).toEqual([error('schema-mismatch', /a number is expected/, channel)])
})
