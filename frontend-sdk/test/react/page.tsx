import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { StrictMode, useEffect } from 'react'
import type { Batch, HookClientOptions } from '../../src/react/index.js'
import { BroadcastSocketProvider, useSubscription } from '../../src/react/index.js'
import { FakeClock, TestServer } from '../../src/testing/index.js'

/** A page under StrictMode, with the model of the server and a clock that is held. */
export function page(options: Partial<HookClientOptions> = {}) {
  const clock = new FakeClock()
  const server = new TestServer({ clock })
  const around = (children: ReactNode, more: Partial<HookClientOptions> = {}): ReactNode => (
    <StrictMode>
      <BroadcastSocketProvider url={server.url} WebSocket={server.WebSocket} clock={clock} {...options} {...more}>
        {children}
      </BroadcastSocketProvider>
    </StrictMode>
  )
  const advance = (ms = 0): Promise<void> => act(() => clock.advance(ms))
  const sent = (type: string): unknown[] => server.commands.filter((command) => command.type === type)
  return { clock, server, around, advance, sent }
}

export function Numbers({ batch = 'microtask', onRender }: { batch?: Batch; onRender?: () => void }): ReactNode {
  const { messages } = useSubscription('n', { limit: 10_000, batch })
  useEffect(() => onRender?.())
  return messages.map(({ data }) => String(data)).join()
}

export const upTo = (last: number): string => Array.from({ length: last }, (_, index) => index + 1).join()
