import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { Component } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { BroadcastError } from '../../src/core/errors.js'
import {
  useBroadcast,
  useBroadcastSocket,
  useHistory,
  useLostConnection,
  useMessages,
  useOutbox,
  usePresence,
  useStats,
  useSubscription,
} from '../../src/react/index.js'

describe('a hook without a provider', () => {
  class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
    override state: { error?: unknown } = {}

    static getDerivedStateFromError(error: unknown): { error: unknown } {
      return { error }
    }

    override render(): ReactNode {
      const { error } = this.state
      return error instanceof BroadcastError ? `${error.code}: ${error.message}` : this.props.children
    }
  }

  const hooks: Record<string, () => unknown> = {
    useBroadcastSocket,
    useBroadcast,
    useOutbox: () => useOutbox(),
    useStats: () => useStats(),
    useLostConnection: () => useLostConnection(),
    useSubscription: () => useSubscription('a'),
    useMessages: () => useMessages('a', () => undefined),
    usePresence: () => usePresence('a'),
    useHistory: () => useHistory('a'),
  }

  it.each(Object.entries(hooks))('%s says what to do', (name, useHook) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    // React 18 throws it as an event, too.
    const quiet = (event: Event): void => event.preventDefault()
    window.addEventListener('error', quiet)
    function Broken(): ReactNode {
      useHook()
      return null
    }
    const { container } = render(
      <Boundary>
        <Broken />
      </Boundary>,
    )
    expect(container.textContent).toContain(`no-provider: ${name} needs a <BroadcastSocketProvider> above it`)
    window.removeEventListener('error', quiet)
    vi.restoreAllMocks()
  })
})
