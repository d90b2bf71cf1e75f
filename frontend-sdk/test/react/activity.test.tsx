import { act, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import * as React from 'react'
import { describe, expect, it } from 'vitest'
import type { SubscriptionOptions } from '../../src/react/index.js'
import { BroadcastSocketProvider, useMessages, useSubscription } from '../../src/react/index.js'
import { at, FakeClient } from './fake-client.js'

const seen: unknown[] = []

function Listening({ options = {} }: { options?: SubscriptionOptions }): ReactNode {
  useMessages('news', (message) => seen.push(message.data), options)
  const { messages } = useSubscription('news', options)
  return messages.map((message) => String(message.data)).join()
}

function page(client: FakeClient, mode: 'visible' | 'hidden', options?: SubscriptionOptions): ReactNode {
  return (
    <BroadcastSocketProvider client={client}>
      <React.Activity mode={mode}>
        <Listening {...(options && { options })} />
      </React.Activity>
    </BroadcastSocketProvider>
  )
}

const begun = (client: FakeClient): unknown[] =>
  client.active.map(({ options: { since, last, snapshot } }) => ({ since, last, snapshot: snapshot !== undefined }))

// React 18 has no Activity.
describe.skipIf(!('Activity' in React))('a component that is hidden and shown again', () => {
  it('goes on where it was', async () => {
    const client = new FakeClient()
    const { rerender, container } = render(page(client, 'visible'))
    await act(async () => void client.push('news', 1))
    await act(async () => rerender(page(client, 'hidden')))
    expect(client.active).toHaveLength(0)
    await act(async () => rerender(page(client, 'visible')))
    expect(begun(client)).toEqual(Array(2).fill({ since: at(1), last: undefined, snapshot: false }))
    await act(async () => void client.push('news', 2))
    expect(container.textContent).toBe('1,2')
    expect(seen).toEqual([1, 2])
  })

  it('goes on where its subscription began, when nothing has come', async () => {
    const client = new FakeClient()
    const { rerender } = render(page(client, 'visible'))
    await act(async () => client.turn('news', { status: 'active', position: at(5) }))
    await act(async () => rerender(page(client, 'hidden')))
    await act(async () => rerender(page(client, 'visible')))
    expect(begun(client)).toEqual(Array(2).fill({ since: at(5), last: undefined, snapshot: false }))
  })

  it('begins again with the newest, when none of them has come', async () => {
    const client = new FakeClient()
    const { rerender } = render(page(client, 'visible', { last: 3 }))
    await act(async () => client.turn('news', { status: 'active', position: at(5) }))
    await act(async () => rerender(page(client, 'hidden', { last: 3 })))
    await act(async () => rerender(page(client, 'visible', { last: 3 })))
    expect(begun(client)).toEqual(Array(2).fill({ since: undefined, last: 3, snapshot: false }))
  })

  it('loads its snapshot again instead of what was missed', async () => {
    const client = new FakeClient()
    const options = { snapshot: async () => undefined }
    const { rerender } = render(page(client, 'visible', options))
    await act(async () => void client.push('news', 1))
    await act(async () => rerender(page(client, 'hidden', options)))
    await act(async () => rerender(page(client, 'visible', options)))
    expect(begun(client)).toEqual(Array(2).fill({ since: undefined, last: undefined, snapshot: true }))
  })

  it('shows what came just before it was hidden', async () => {
    const client = new FakeClient()
    const { rerender, container } = render(page(client, 'visible', { batch: 60_000 }))
    await act(async () => void client.push('news', 1))
    await act(async () => rerender(page(client, 'hidden', { batch: 60_000 })))
    await act(async () => rerender(page(client, 'visible', { batch: 60_000 })))
    expect(container.textContent).toBe('1')
  })
})
