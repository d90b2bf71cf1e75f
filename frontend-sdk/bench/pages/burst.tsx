import { Profiler, useEffect, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import useWebSocketModule from 'react-use-websocket'
import { BroadcastSocketProvider, useSubscription } from '../../src/react/index.js'
import { CHANNEL, Stopwatch, type Item } from './measure.js'

/** The server's JSON, as far as a client without the SDK has to know it. */
interface Frame {
  readonly type: string
  readonly data: Item
}

const SUBSCRIBE = { type: 'subscribe', channel: CHANNEL, messageId: 's' }
const SHOWN = 100

// As a CommonJS module its default export may come wrapped in another one
const useWebSocket = 'default' in useWebSocketModule ? useWebSocketModule.default : useWebSocketModule

const query = new URLSearchParams(location.search)
const url = query.get('url') ?? ''
const count = Number(query.get('count'))
const watch = new Stopwatch(count)

/** What all of them show: the newest hundred. */
function View({ items }: { items: readonly Item[] }): ReactNode {
  watch.see(items)
  return (
    <>
      <p id="last">{items.at(-1)?.n}</p>
      <ul>
        {items.slice(-SHOWN).map(({ n, text }) => (
          <li key={n}>
            {n} {text}
          </li>
        ))}
      </ul>
    </>
  )
}

function Ours({ batch }: { batch: 'microtask' | 'frame' }): ReactNode {
  const { messages } = useSubscription(CHANNEL, { limit: count, batch })
  return <View items={messages.map(({ data }) => data as Item)} />
}

/** As in its README: the last message is state, and an effect adds it to a history. */
function LastMessage(): ReactNode {
  const { lastJsonMessage, sendJsonMessage } = useWebSocket<Frame | null>(url)
  const [history, setHistory] = useState<readonly Item[]>([])
  useEffect(() => sendJsonMessage(SUBSCRIBE), [sendJsonMessage])
  useEffect(() => {
    if (lastJsonMessage?.type === 'message') setHistory((before) => before.concat(lastJsonMessage.data))
  }, [lastJsonMessage])
  return <View items={history} />
}

/** With its callback in place of its state, which it calls the way to fewer renders. */
function OnMessage(): ReactNode {
  const [history, setHistory] = useState<readonly Item[]>([])
  const { sendJsonMessage } = useWebSocket(url, {
    filter: () => false,
    onMessage: ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as Frame
      if (frame.type === 'message') setHistory((before) => before.concat(frame.data))
    },
  })
  useEffect(() => sendJsonMessage(SUBSCRIBE), [sendJsonMessage])
  return <View items={history} />
}

/** What one writes without a library; `next` makes the state from the state and a message. */
function ByHand({ next }: { next: (before: readonly Item[], item: Item) => readonly Item[] }): ReactNode {
  const [items, setItems] = useState<readonly Item[]>([])
  useEffect(() => {
    const socket = new WebSocket(url)
    socket.onopen = () => socket.send(JSON.stringify(SUBSCRIBE))
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as Frame
      if (frame.type === 'message') setItems((before) => next(before, frame.data))
    }
    return () => socket.close()
  }, [next])
  return <View items={items} />
}

const keepLast = (_before: readonly Item[], item: Item): readonly Item[] => [item]
const append = (before: readonly Item[], item: Item): readonly Item[] => before.concat(item)

const variants: Readonly<Record<string, () => ReactNode>> = {
  microtask: () => (
    <BroadcastSocketProvider url={url}>
      <Ours batch="microtask" />
    </BroadcastSocketProvider>
  ),
  frame: () => (
    <BroadcastSocketProvider url={url}>
      <Ours batch="frame" />
    </BroadcastSocketProvider>
  ),
  'last-message': () => <LastMessage />,
  'on-message': () => <OnMessage />,
  'keep-last': () => <ByHand next={keepLast} />,
  append: () => <ByHand next={append} />,
}

const root = document.getElementById('root')
const variant = variants[query.get('variant') ?? '']
if (root !== null && variant !== undefined) {
  createRoot(root).render(
    <Profiler id="view" onRender={() => watch.committed()}>
      {variant()}
    </Profiler>,
  )
}
