// Looked at by the compiler only: each `@ts-expect-error` must be one, and everything else must not.
import type { ReactNode } from 'react'
import type { Client, Message } from '../../src/core/types.js'
import { createBroadcastHooks, useBroadcast, useSubscription } from '../../src/react/index.js'

interface Title {
  readonly title: string
}
interface Chat {
  readonly from: string
  readonly text: string
}
interface Channels {
  news: Title
  prices: Record<string, number>
  [room: `chat/${string}`]: Chat
}

/** Takes a value of exactly this type. */
function same<A>(): <B>(value: B, equal: [A, B] extends [B, A] ? true : false) => void {
  return () => undefined
}

const typed = createBroadcastHooks<Channels>()

export function WithMap({ room, client }: { room: string; client: Client<Channels> }): ReactNode {
  const { messages, lastMessage } = typed.useSubscription('news', { limit: 3, client })
  same<readonly Message<Title>[]>()(messages, true)
  same<Message<Title> | undefined>()(lastMessage, true)
  same<readonly Message<Chat>[]>()(typed.useSubscription(`chat/${room}`).messages, true)
  typed.useSubscription(null)
  // @ts-expect-error no such channel
  typed.useSubscription('new')
  // @ts-expect-error a room has a name of its own kind
  typed.useSubscription('room/1')

  const { value } = typed.useSubscription('prices', {
    initial: 0,
    reduce: (sum, { data }) => sum + (data.a ?? 0),
  })
  same<number>()(value, true)
  // @ts-expect-error a reducer gives what it takes
  typed.useSubscription('prices', {
    initial: 0,
    reduce: (sum: number) => String(sum),
  })
  typed.useSubscription('news', {
    initial: 0,
    reduce: (sum) => sum + 1,
    // @ts-expect-error a snapshot is a value
    snapshot: async () => 'many',
  })

  typed.useMessages(`chat/${room}`, ({ data }) => same<Chat>()(data, true))
  typed.useMessages('news', ({ data }) => {
    // @ts-expect-error news have no text
    same<string>()(data.text, true)
  })

  const broadcast = typed.useBroadcast()
  void broadcast('news', { title: 'Hello' })
  void broadcast(`chat/${room}`, { from: 'ann', text: 'Hello' }, { echo: false })
  // @ts-expect-error another payload
  void broadcast('news', { text: 'Hello' })
  // @ts-expect-error a part of the payload
  void broadcast('chat/1', { from: 'ann' })
  // @ts-expect-error no such channel
  void broadcast('weather', { title: 'Rain' })

  same<readonly Message<Title>[]>()(typed.useHistory('news').messages, true)
  // @ts-expect-error no such channel
  typed.useHistory('weather')
  typed.useGap('news')
  // @ts-expect-error no such channel
  typed.useGap('weather')
  // @ts-expect-error no such channel
  typed.useOutbox('weather')
  const { members } = typed.usePresence<{ name: string }>('chat/1', { info: { name: 'ann' } })
  same<string | undefined>()(members[0]?.info.name, true)
  // @ts-expect-error another info
  typed.usePresence<{ name: string }>('chat/1', { info: { nick: 'ann' } })

  const socket = typed.useBroadcastSocket('ws://localhost', { identity: 'ann' })
  same<Client<Channels>>()(socket.client, true)
  void socket.broadcast('news', { title: 'Hello' })
  // @ts-expect-error another payload
  void socket.broadcast('news', 1)
  // @ts-expect-error no such channel
  socket.subscribe('weather')

  const Provider = typed.BroadcastSocketProvider
  return (
    <>
      <Provider url="ws://localhost" />
      <Provider client={client}>text</Provider>
      {/* @ts-expect-error neither a URL nor a client */}
      <Provider identity="ann" />
      {/* @ts-expect-error either a client or options for one */}
      <Provider client={client} url="ws://localhost" />
    </>
  )
}

export function WithoutMap(): void {
  const { messages } = useSubscription('any channel')
  same<readonly Message[]>()(messages, true)
  void useBroadcast()('any channel', { any: 'data' })
  const { value } = useSubscription('numbers', { initial: [] as unknown[], reduce: (all, { data }) => [...all, data] })
  same<unknown[]>()(value, true)
}
