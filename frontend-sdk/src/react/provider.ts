import type { ReactNode } from 'react'
import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useSyncExternalStore,
} from 'react'
import { BroadcastError } from '../core/errors.js'
import type { Client } from '../core/types.js'
import type { LazyClient } from './lazy-client.js'
import { IDLE, keyOf, lazyClient } from './lazy-client.js'
import { useKeyed } from './store.js'
import type { BroadcastSocket, HookClientOptions, ProviderProps } from './types.js'

const ClientContext = createContext<Client | null>(null)

export function BroadcastSocketProvider({ children, ...props }: ProviderProps): ReactNode {
  const own = useLazyClient(props.client === undefined ? props : null)
  return createElement(ClientContext.Provider, { value: props.client ?? own }, children)
}

export function useBroadcastSocket(url?: string, options?: Omit<HookClientOptions, 'url'>): BroadcastSocket {
  const own = useLazyClient(url === undefined ? null : { ...options, url })
  const client = useClient('useBroadcastSocket', own)
  const state = useSyncExternalStore(
    useCallback((changed) => client.onStateChange(changed), [client]),
    () => client.state,
    () => IDLE,
  )
  useEffect(() => own?.connect(), [own])
  const actions = useMemo(
    () => ({
      client,
      subscribe: client.subscribe.bind(client),
      broadcast: client.broadcast.bind(client),
      connect: client.connect.bind(client),
    }),
    [client],
  )
  return useMemo(() => ({ ...actions, state, isConnected: state.status === 'open' }), [actions, state])
}

/** The client that was given, or the provider's. Throws `no-provider` when there is neither. */
export function useClient(hook: string, given?: Client | null): Client {
  const provided = useContext(ClientContext)
  const client = given ?? provided
  if (client !== null) return client
  throw new BroadcastError('no-provider', `${hook} needs a <BroadcastSocketProvider> above it.`)
}

/** A client of one's own for as long as the component is there, or none. */
function useLazyClient(options: HookClientOptions | null): LazyClient | null {
  const client = useKeyed(keyOf(options), () => options && lazyClient(options))
  useInsertionEffect(() => {
    if (options !== null) client?.update(options)
  })
  useEffect(() => client?.retain(), [client])
  return client
}
