import { StrictMode, useState } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { BroadcastSocketProvider, useMessages, useSubscription } from 'broadcast-socket-sdk/react'
import type { HookClientOptions } from 'broadcast-socket-sdk/react'

export interface MountsPage {
  /** Renders three subscribers of one channel under StrictMode. */
  mount(options: HookClientOptions, channel: string): void
  unmount(): void
  /** Mounts, waits until all three are subscribed, and unmounts; again and again, at once or when the socket has closed. */
  cycle(times: number, next: 'at once' | 'when closed', options: HookClientOptions, channel: string): Promise<void>
  /** What each of the subscribers shows. */
  shown(): readonly string[]
}

declare global {
  interface Window {
    readonly mounts: MountsPage
  }
}

function Messages({ channel }: { channel: string }) {
  const { messages, state } = useSubscription<string>(channel)
  return <output data-status={state.status}>{messages.map(({ data }) => data).join()}</output>
}

function Sum({ channel }: { channel: string }) {
  const { value, state } = useSubscription(channel, { initial: '', reduce: (all, { data }) => all + String(data) })
  return <output data-status={state.status}>{value}</output>
}

function Last({ channel }: { channel: string }) {
  const [last, setLast] = useState('')
  const { state } = useSubscription(channel)
  useMessages(channel, ({ data }) => setLast(String(data)))
  return <output data-status={state.status}>{last}</output>
}

let closed = Promise.resolve()

/** The browser's, and tells of the end of the newest one. No class of its own, which would be one more socket to count. */
const ToldSocket = new Proxy(WebSocket, {
  construct(Target, parameters: ConstructorParameters<typeof WebSocket>) {
    const socket = new Target(...parameters)
    closed = new Promise((resolve) => socket.addEventListener('close', () => resolve()))
    return socket
  },
})

const container = document.getElementById('root') ?? document.body
let root: Root | null = null

const outputs = (): HTMLElement[] => [...container.querySelectorAll('output')]

const mounts: MountsPage = {
  mount(options, channel) {
    root = createRoot(container)
    root.render(
      <StrictMode>
        <BroadcastSocketProvider {...options} WebSocket={ToldSocket}>
          <Messages channel={channel} />
          <Sum channel={channel} />
          <Last channel={channel} />
        </BroadcastSocketProvider>
      </StrictMode>,
    )
  },
  unmount() {
    root?.unmount()
    root = null
  },
  async cycle(times, next, options, channel) {
    for (let i = 0; i < times; i++) {
      mounts.mount(options, channel)
      await subscribed()
      mounts.unmount()
      if (next === 'when closed') await closed
    }
  },
  shown: () => outputs().map(({ textContent }) => textContent),
}

function subscribed(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const all = outputs()
      if (all.length === 3 && all.every(({ dataset }) => dataset.status === 'active')) {
        observer.disconnect()
        resolve()
      }
    }
    const observer = new MutationObserver(look)
    observer.observe(container, { subtree: true, childList: true, attributes: true })
    look()
  })
}

Object.assign(window, { mounts })
