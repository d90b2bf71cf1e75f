import type { ReactNode } from 'react'
import { StrictMode } from 'react'
import type { Client } from '../../src/core/types.js'
import { BroadcastSocketProvider } from '../../src/react/index.js'

/** A wrapper with StrictMode and a provider of the client. */
export function under(client: Client): (props: { children: ReactNode }) => ReactNode {
  return function Under({ children }) {
    return (
      <StrictMode>
        <BroadcastSocketProvider client={client}>{children}</BroadcastSocketProvider>
      </StrictMode>
    )
  }
}
