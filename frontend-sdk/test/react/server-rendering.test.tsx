import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientOptions } from '../../src/core/types.js'
import {
  BroadcastSocketProvider,
  useBroadcastSocket,
  useHistory,
  useLostConnection,
  useMessages,
  useOutbox,
  usePresence,
  useStats,
  useSubscription,
} from '../../src/react/index.js'
import { FakeClient } from './fake-client.js'

vi.mock('../../src/index.js', () => ({ createClient: (options: ClientOptions) => new FakeClient(options) }))

beforeEach(() => {
  FakeClient.made.length = 0
})

describe('on a server', () => {
  it('renders what hydration begins with, whatever a client has done by then', async () => {
    function Look(): ReactNode {
      const { received } = useStats()
      const { messages } = useOutbox()
      return [received, messages.length, useBroadcastSocket().state.status].join(' ')
    }
    const client = new FakeClient()
    const page = (
      <BroadcastSocketProvider client={client}>
        <Look />
      </BroadcastSocketProvider>
    )
    const container = document.createElement('div')
    container.innerHTML = renderToString(page)
    client.count({ received: 2 })
    client.wait({
      messageId: 'm',
      channel: 'news',
      data: 1,
      status: 'queued',
      attempts: 0,
      queuedAt: 0,
      expiresAt: 300_000,
    })
    client.become({ status: 'open', clientId: 'c', resumed: false, node: 'n', since: 0 })
    const onRecoverableError = vi.fn()
    const root = await act(async () => hydrateRoot(container, page, { onRecoverableError }))
    expect(container.textContent).toBe('2 1 open')
    expect(onRecoverableError).not.toHaveBeenCalled()
    await act(async () => root.unmount())
  })

  it('renders without a client or a window', () => {
    function Everything(): ReactNode {
      const { state } = useBroadcastSocket()
      useMessages('news', () => undefined)
      const { messages } = useSubscription('news')
      const { value } = useSubscription('news', { reduce: (sum: number) => sum + 1, initial: 7 })
      const lost = useLostConnection()
      return [
        messages.length,
        value,
        lost,
        usePresence('news').count,
        useHistory('news').isLoading,
        useOutbox().messages.length,
        useStats().received,
        state.status,
      ].join(' ')
    }
    vi.stubGlobal('window', undefined)
    const html = renderToString(
      <BroadcastSocketProvider url="ws://a">
        <Everything />
      </BroadcastSocketProvider>,
    )
    vi.unstubAllGlobals()
    expect(html).toBe('0 7 ok 0 true 0 0 idle')
    expect(FakeClient.made).toHaveLength(0)
  })
})
