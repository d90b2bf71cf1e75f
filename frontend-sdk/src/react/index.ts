'use client'

import type { ChannelMap } from '../core/types.js'
import * as client from './client-hooks.js'
import { useHistory as history } from './history.js'
import { usePresence as presence } from './presence.js'
import * as provider from './provider.js'
import * as subscription from './subscription.js'
import type { BroadcastHooks, RegisteredChannels } from './types.js'

export type * from './types.js'

type Hooks = BroadcastHooks<RegisteredChannels>

// What is sent over a channel is not looked at here, so that a map matters to the compiler only.
export const BroadcastSocketProvider: Hooks['BroadcastSocketProvider'] = provider.BroadcastSocketProvider
export const useBroadcastSocket: Hooks['useBroadcastSocket'] = provider.useBroadcastSocket
export const useSubscription: Hooks['useSubscription'] = subscription.useSubscription as Hooks['useSubscription']
export const useMessages: Hooks['useMessages'] = subscription.useMessages
export const useGap: Hooks['useGap'] = subscription.useGap
export const usePresence: Hooks['usePresence'] = presence as Hooks['usePresence']
export const useHistory: Hooks['useHistory'] = history
export const useBroadcast: Hooks['useBroadcast'] = client.useBroadcast
export const useOutbox: Hooks['useOutbox'] = client.useOutbox
export const useStats: Hooks['useStats'] = client.useStats
export const useLostConnection: Hooks['useLostConnection'] = client.useLostConnection

/** The provider and the hooks for the channels of a map; they are those of this entry, with other types. */
export function createBroadcastHooks<Channels extends ChannelMap>(): BroadcastHooks<Channels> {
  const hooks: Hooks = {
    BroadcastSocketProvider,
    useBroadcastSocket,
    useSubscription,
    useMessages,
    useGap,
    usePresence,
    useHistory,
    useBroadcast,
    useOutbox,
    useStats,
    useLostConnection,
  }
  return hooks as unknown as BroadcastHooks<Channels>
}
