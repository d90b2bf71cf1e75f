'use client'

import type { ChannelMap } from '../core/types.js'
import * as client from './client-hooks.js'
import { useHistory as history } from './history.js'
import { usePresence as presence } from './presence.js'
import * as provider from './provider.js'
import * as subscription from './subscription.js'
import type { BroadcastHooks, RegisteredChannels } from './types.js'

export type * from './types.js'

const hooks = {
  BroadcastSocketProvider: provider.BroadcastSocketProvider,
  useBroadcastSocket: provider.useBroadcastSocket,
  useSubscription: subscription.useSubscription,
  useMessages: subscription.useMessages,
  useGap: subscription.useGap,
  usePresence: presence,
  useHistory: history,
  useBroadcast: client.useBroadcast,
  useOutbox: client.useOutbox,
  useStats: client.useStats,
  useLostConnection: client.useLostConnection,
}

/** The provider and the hooks for the channels of a map; all of them are the same functions, with other types. */
export function createBroadcastHooks<Channels extends ChannelMap>(): BroadcastHooks<Channels> {
  // What is sent over a channel is not looked at here, so that the map matters to the compiler only.
  return hooks as unknown as BroadcastHooks<Channels>
}

type Hooks = BroadcastHooks<RegisteredChannels>
const registered: Hooks = createBroadcastHooks<RegisteredChannels>()

export const BroadcastSocketProvider: Hooks['BroadcastSocketProvider'] = registered.BroadcastSocketProvider
export const useBroadcastSocket: Hooks['useBroadcastSocket'] = registered.useBroadcastSocket
export const useSubscription: Hooks['useSubscription'] = registered.useSubscription
export const useMessages: Hooks['useMessages'] = registered.useMessages
export const useGap: Hooks['useGap'] = registered.useGap
export const usePresence: Hooks['usePresence'] = registered.usePresence
export const useHistory: Hooks['useHistory'] = registered.useHistory
export const useBroadcast: Hooks['useBroadcast'] = registered.useBroadcast
export const useOutbox: Hooks['useOutbox'] = registered.useOutbox
export const useStats: Hooks['useStats'] = registered.useStats
export const useLostConnection: Hooks['useLostConnection'] = registered.useLostConnection
