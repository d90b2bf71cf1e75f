import { describe, expect, it } from 'vitest'
import { FakeClock, TestServer } from '../../src/testing/index.js'
import { RawClient } from './raw-client.js'

function start(): { clock: FakeClock; server: TestServer } {
  const clock = new FakeClock()
  return { clock, server: new TestServer({ clock }) }
}

describe('a socket of the server in memory is like a browser’s', () => {
  it('opens later, then gets the welcome', async () => {
    const { clock, server } = start()
    const client = new RawClient(server)
    expect(client.socket.readyState).toBe(0)
    expect(client.events).toEqual([])
    await clock.advance(0)
    expect(client.events).toEqual(['open', 'message'])
    expect(client.socket.readyState).toBe(1)
    expect(client.socket.protocol).toBe('broadcast.v1')
  })

  it('refuses to send before it is open', () => {
    const { server } = start()
    expect(() => new RawClient(server).send({ type: 'pong' })).toThrow('not open yet')
  })

  it('refuses URLs of other schemes and codes that a page may not send', () => {
    const { server } = start()
    expect(() => new server.WebSocket('https://broadcast.test/')).toThrow('no URL of a WebSocket')
    expect(() => new RawClient(server).socket.close(1006)).toThrow('cannot close with 1006')
  })

  it('a server of another name cannot be reached', async () => {
    const { clock, server } = start()
    const socket = new server.WebSocket('ws://elsewhere.test/')
    const closed: number[] = []
    socket.onclose = ({ code }) => closed.push(code)
    await clock.advance(0)
    expect(closed).toEqual([1006])
  })

  it('counts what has not left', async () => {
    const { clock, server } = start()
    const client = new RawClient(server)
    await clock.advance(0)
    client.send({ type: 'pong' })
    expect(client.socket.bufferedAmount).toBe('{"type":"pong"}'.length)
    await clock.advance(0)
    expect(client.socket.bufferedAmount).toBe(0)
  })

  it('drops what is sent after its end, silently', async () => {
    const { clock, server } = start()
    const client = new RawClient(server)
    await clock.advance(0)
    client.socket.close()
    client.send({ type: 'subscribe', channel: 'news' })
    await clock.advance(0)
    expect(server.commands).toEqual([])
    expect(client.closed).toBe(1005)
    expect(server.connections).toEqual([])
    client.socket.close()
  })

  it('closing before it is open fails it, and the server has no connection', async () => {
    const { clock, server } = start()
    const client = new RawClient(server)
    client.socket.close()
    await clock.advance(0)
    expect(client.events).toEqual(['error', 'close'])
    expect(client.closed).toBe(1006)
    expect(server.connections).toEqual([])
  })

  it('closing right after the server has accepted ends the connection there, too', async () => {
    const { clock, server } = start()
    const client = new RawClient(server)
    await Promise.resolve()
    client.socket.close()
    await clock.advance(0)
    expect(client.closed).toBe(1006)
    expect(server.connections).toEqual([])
    expect(clock.pending).toBe(0)
  })
})
