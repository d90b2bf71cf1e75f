import { Component, StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { BroadcastError } from 'broadcast-socket-sdk'
import { BroadcastSocketProvider, useBroadcast, useSubscription } from 'broadcast-socket-sdk/react'
import type { ProviderProps } from 'broadcast-socket-sdk/react'

export interface HooksPage {
  /** What a boundary has caught while a hook was rendered without a provider. */
  readonly caught: { readonly code: string; readonly message: string }[]
  renderWithout(): void
  /** One provider beside another, and each with a subscriber of the channel. */
  renderTwo(one: ProviderProps, other: ProviderProps, channel: string): void
  /** One provider within another. */
  renderNested(outer: ProviderProps, inner: ProviderProps, channel: string): void
  /** What subscribers show, in the order of the document. */
  shown(): readonly string[]
}

declare global {
  interface Window {
    readonly hooks: HooksPage
  }
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    hooks.caught.push(
      error instanceof BroadcastError
        ? { code: error.code, message: error.message }
        : { code: '', message: String(error) },
    )
  }

  override render(): ReactNode {
    return this.state.failed ? <p>caught</p> : this.props.children
  }
}

function Messages({ channel }: { channel: string }) {
  const { messages, state } = useSubscription(channel)
  return <output data-status={state.status}>{messages.map(({ data }) => String(data)).join()}</output>
}

function Sender() {
  useBroadcast()
  return null
}

const container = document.getElementById('root') ?? document.body
// What a boundary has caught is no error of the page
const root = createRoot(container, { onCaughtError: () => undefined })

const hooks: HooksPage = {
  caught: [],
  renderWithout() {
    const without = [<Messages key="messages" channel="news" />, <Sender key="sender" />]
    root.render(without.map((child) => <Boundary key={child.key}>{child}</Boundary>))
  },
  renderTwo(one, other, channel) {
    root.render(
      <StrictMode>
        <BroadcastSocketProvider {...one}>
          <Messages channel={channel} />
        </BroadcastSocketProvider>
        <BroadcastSocketProvider {...other}>
          <Messages channel={channel} />
        </BroadcastSocketProvider>
      </StrictMode>,
    )
  },
  renderNested(outer, inner, channel) {
    root.render(
      <StrictMode>
        <BroadcastSocketProvider {...outer}>
          <BroadcastSocketProvider {...inner}>
            <Messages channel={channel} />
          </BroadcastSocketProvider>
        </BroadcastSocketProvider>
      </StrictMode>,
    )
  },
  shown: () => [...container.querySelectorAll('output')].map(({ textContent }) => textContent),
}

Object.assign(window, { hooks })
