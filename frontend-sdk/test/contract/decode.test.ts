import { describe, expect, it } from 'vitest'
import { terminalError } from '../../src/core/close-codes.js'
import type { ErrorCode } from '../../src/core/errors.js'
import { decode, pageOf, refusal, welcomeOf } from '../../src/core/protocol.js'
import type { AckData, Refusal } from '../../src/core/protocol.js'
import { EXAMPLES, rows } from './protocol-document.js'

const epoch = 'pq3kX0aB9zYw.0'
const timestamp = 1767225600000
const clientId = '2Zb6Yk0rQn5x'
const error = (code: string, details: object = {}): object => ({ code, ...details })

/** What the core makes of each example that a server sends, by section and number. */
const FRAMES: Readonly<Record<string, object>> = {
  'Welcome 1': {
    type: 'ack',
    data: { clientId, resumed: false, subscriptions: { '*': { epoch } } },
  },
  'Welcome 2': {
    type: 'ack',
    data: { resumed: true, subscriptions: { news: { redelivered: 2 } } },
  },
  'subscribe 4': { type: 'ack', messageId: '1', data: { epoch, offset: 1, recovered: true } },
  'subscribe 6': {
    type: 'ack',
    messageId: '1',
    data: { presence: { count: 1, members: [{ clientId, info: { name: 'Ann' } }] } },
  },
  'message 1': { type: 'message', channel: 'news', data: { n: 1 }, messageId: 'm1', offset: 1, timestamp },
  'join and leave 1': { type: 'join', channel: 'news', data: { clientId, info: { name: 'Bob' } } },
  'join and leave 2': { type: 'leave', channel: 'news', data: { clientId, info: { name: 'Bob' } } },
  'ack 1': { type: 'ack', messageId: 'm1', data: { epoch, offset: 1, durability: 'memory', duplicate: false } },
  'unsubscribe 2': { type: 'ack', messageId: '2' },
  'resume 3': {
    type: 'ack',
    messageId: '1',
    data: { clientId, subscriptions: { news: { epoch, offset: 1, recovered: true } } },
  },
  'resume 4': { type: 'ack', messageId: '1', data: { refused: { b: { code: 'channel-limit' } } } },
  'history 2': {
    type: 'ack',
    messageId: '2',
    data: { epoch, offset: 3, publications: [{ offset: 2, messageId: 'm2' }] },
  },
  'history 3': { type: 'ack', messageId: '1', data: { epoch, offset: 3, gap: { from: 1, to: 2, reason: 'trimmed' } } },
  'presence 2': { type: 'ack', messageId: '1', data: { count: 1, members: [{ clientId, info: { name: 'Ann' } }] } },
  'ping and pong 1': { type: 'ping' },
  'gap 1': {
    type: 'gap',
    channel: 'news',
    data: { from: 2, to: 2, reason: 'trimmed', epoch, offset: 2 },
  },
  'gap 2': { type: 'gap', channel: 'news', data: { presence: true } },
  'gap 3': { type: 'error', data: error('gap') },
  'drain 1': { type: 'drain', data: { spreadMs: 3000 } },
  'error 1': { type: 'error', messageId: '2', data: error('unknown-type') },
  'error 2': { type: 'error', messageId: 'm2', data: error('rate-limited', { retryAfterMs: 59000 }) },
}

describe('the core understands every example of the protocol', () => {
  const fromServer = EXAMPLES.filter(({ sender }) => sender === 'server')

  it.each(fromServer)('$name', ({ name, text }) => {
    expect(decode(text)).toMatchObject(FRAMES[name] ?? { type: `no expectation for ${name}` })
  })

  it('and there are no others', () => {
    expect(Object.keys(FRAMES)).toEqual(fromServer.map(({ name }) => name))
  })

  it('only the welcome is one', () => {
    const welcomes = fromServer.filter(({ text }) => welcomeOf(decode(text)) !== null).map(({ name }) => name)
    expect(welcomes).toEqual(['Welcome 1', 'Welcome 2'])
    expect(welcomeOf(decode(EXAMPLES[0]?.text))).toMatchObject({
      clientId,
      node: 'vQ8mB2xT4hLs',
      heartbeatMs: 25000,
      maxMessageBytes: 65536,
      spreadMs: 1000,
    })
  })

  it('what acks and errors are made of', () => {
    const dataOf = (name: string): unknown => EXAMPLES.find((example) => example.name === name)?.message.data
    expect(pageOf('news', dataOf('history 3') as AckData)).toEqual({
      top: { epoch, offset: 3 },
      messages: [{ channel: 'news', epoch, data: 3, messageId: 'm3', offset: 3, timestamp }],
      gap: { channel: 'news', from: 1, to: 2, reason: 'trimmed', position: { epoch, offset: 2 } },
    })
    const { code, retryAfterMs, channel } = refusal(dataOf('error 2') as Refusal, 'news')
    expect({ code, retryAfterMs, channel }).toEqual({ code: 'rate-limited', retryAfterMs: 59000, channel: 'news' })
  })

  it.each(['', 'null', '1', '"x"', '{', undefined])('nothing of %o', (text) => {
    expect(decode(text)).toBeNull()
  })
})

describe('the core knows every code of the protocol', () => {
  /** What a client of broadcast.v1 is told as a push and not as an error. */
  const PUSHED = 'gap'
  const CODES = [
    'invalid-json',
    'invalid-request',
    'unknown-type',
    'invalid-channel',
    'rate-limited',
    'channel-limit',
    'message-too-large',
    'unavailable',
    PUSHED,
    'internal-error',
  ] satisfies (ErrorCode | typeof PUSHED)[]

  it('of errors', () => {
    expect(rows('Error codes').map(([code]) => code)).toEqual(CODES)
  })

  it.each(rows('Close codes'))('close %i is %s, then %s', (status, _reason, then) => {
    const code = Number(status)
    // A mobile browser that suspends a page says 1000, too
    const isTerminal = then === 'terminal' && code !== 1000
    expect(terminalError(code, '') !== null).toBe(isTerminal)
  })
})
