import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { randomId } from '../../src/core/environment.js'
import { createRoster } from '../../src/core/roster.js'
import { resolveUrl } from '../../src/core/url.js'
import { createClient, indexedDbStorage } from '../../src/index.js'
import type { BroadcastError } from '../../src/index.js'
import { TestServer } from '../../src/testing/index.js'
import { World } from './harness.js'
import { Random } from './random.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the address', () => {
  const https = { href: 'https://example.org/app/?x#y' }
  const http = { href: 'http://example.org:8080/app/' }
  const codeOf = (url: string, page?: { href: string }): string => {
    try {
      return resolveUrl(url, page?.href)
    } catch (error) {
      return (error as BroadcastError).code
    }
  }

  it.each([
    ['ws://host:8080', undefined, 'ws://host:8080/'],
    ['wss://host/path?x=1', https, 'wss://host/path?x=1'],
    ['/', https, 'wss://example.org/'],
    ['socket', http, 'ws://example.org:8080/app/socket'],
    ['ws://localhost:8080', https, 'ws://localhost:8080/'],
    ['ws://127.0.0.1', https, 'ws://127.0.0.1/'],
    ['ws://[::1]:8080', https, 'ws://[::1]:8080/'],
    ['ws://app.localhost/#x', https, 'ws://app.localhost/'],
    ['ws://notlocalhost', https, 'insecure-url'],
    ['ws://localhost.example.org', https, 'insecure-url'],
    ['ws://host/localhost/', https, 'insecure-url'],
    ['ws:///127.', https, 'insecure-url'],
    ['ws://user:word@localhost:8080', https, 'ws://user:word@localhost:8080/'],
    ['ws://127.0.0.1@host', https, 'insecure-url'],
    ['ws://localhost:word@host', https, 'insecure-url'],
    ['ws://app.localhost:word@host', https, 'insecure-url'],
    ['ws://host', https, 'insecure-url'],
    ['http://host', http, 'invalid-url'],
    ['https://host', https, 'invalid-url'],
    ['/', undefined, 'invalid-url'],
    ['', undefined, 'invalid-url'],
  ])('%s on %o is %s', (url, page, expected) => {
    expect(codeOf(url, page)).toBe(expected)
  })
})

describe('the pause before an attempt', () => {
  /** Pauses of one attempt, of a thousand lives of a client without a server. */
  const pausesOf = async (attempt: number): Promise<number[]> => {
    const { next: random } = new Random(1)
    const pauses: number[] = []
    for (let life = 0; life < 1_000; life++) {
      const world = new World({ spreadMs: 1_000 })
      const client = world.client({ random, reconnect: { minMs: 500, maxMs: 20_000 } })
      client.onStateChange((state) => {
        if (state.status === 'waiting' && state.attempt === attempt) {
          pauses.push(state.retryAt - world.clock.now())
        }
      })
      client.connect()
      await world.settle()
      world.server.offline(true)
      world.server.drop()
      for (let wait = 0; wait < attempt; wait++) {
        await world.clock.advance(20_000)
      }
      client.close()
    }
    return pauses
  }

  it.each([
    [1, 1_000],
    [2, 2_000],
    [8, 20_000],
  ])('%i is spread evenly below %i', async (attempt, most) => {
    const pauses = await pausesOf(attempt)
    expect(Math.max(...pauses)).toBeLessThan(most)
    expect(new Set(pauses.map((value) => Math.floor((value / most) * 10))).size).toBe(10)
  })
})

describe('IndexedDB', () => {
  it('keeps messages by identity, replaces and deletes them', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    vi.stubGlobal('IDBKeyRange', IDBKeyRange)
    const storage = indexedDbStorage()
    const message = (messageId: string, order: number): Parameters<typeof storage.put>[1] => ({
      messageId,
      channel: 'news',
      data: { n: order },
      queuedAt: 1,
      expiresAt: 2,
      order,
    })
    await storage.put('ann', message('m1', 1))
    await storage.put('ann', message('m2', 2))
    await storage.put('ann', message('m1', 3))
    await storage.put('an', message('m1', 4))
    await storage.put('annb', message('m1', 5))
    await storage.delete('ann', 'm2')
    await storage.delete('ann', 'm9')
    expect(await indexedDbStorage().load('ann')).toEqual([message('m1', 3)])
    expect(await storage.load('nobody')).toEqual([])
  })

  it('that is not there rejects, and is tried again', async () => {
    const storage = indexedDbStorage('x')
    await expect(storage.load('ann')).rejects.toThrow()
    vi.stubGlobal('indexedDB', new IDBFactory())
    vi.stubGlobal('IDBKeyRange', IDBKeyRange)
    expect(await storage.load('ann')).toEqual([])
  })
})

describe('a roster', () => {
  const member = (clientId: string, info = 0): { clientId: string; info: number } => ({ clientId, info })

  it('believes what was pushed rather than a page that was asked for before', () => {
    const roster = createRoster()
    expect(roster.begin({ count: 4, members: [member('a')], next: 'a' })).toBe('a')
    roster.leave(member('b'))
    roster.join(member('c', 1))
    roster.join(member('a', 1))
    expect(roster.add({ count: 4, members: [member('b'), member('c'), member('d')] })).toBeUndefined()
    expect(roster.snapshot).toEqual({ count: 3, members: [member('a', 1), member('c', 1), member('d')] })
    expect(roster.snapshot).toBe(roster.snapshot)
    roster.leave(member('x'))
    expect(roster.snapshot.count).toBe(3)
  })
})

it('ids are never the same', () => {
  expect(new Set(Array.from({ length: 1_000 }, randomId)).size).toBe(1_000)
})

describe('errors that nobody listens to', () => {
  it('go to the console, so that an exception of the application does not vanish', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const server = new TestServer()
    const client = createClient({ url: server.url, WebSocket: server.WebSocket })
    const heard = new Promise<void>((resolve) => {
      client.subscribe('news', {
        onStateChange: ({ status }) => status === 'active' && server.push('news', 1),
        onMessage: () => {
          resolve()
          throw new Error('mine')
        },
      })
    })
    await heard
    expect(printed.mock.calls).toMatchObject([[{ code: 'handler-threw', channel: 'news' }]])
    client.close()
    printed.mockRestore()
  })
})
