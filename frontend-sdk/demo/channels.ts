import { createBroadcastHooks } from 'broadcast-socket-sdk/react'
import type { Numbered } from './integrity.js'

/** One line of the chat. */
export interface Line {
  /** The window that it came from, and how its user is called. */
  readonly by: string
  readonly from: string
  readonly text: string
}

/** One point of the chart. */
export interface Point extends Numbered {
  /** When it was measured, in milliseconds since 1970 by the publisher's clock. */
  readonly at: number
  /** 0 to 1. */
  readonly y: number
}

export const CHAT = 'demo/chat'
export const CHART = 'demo/chart'
export const BURST = 'demo/burst'

interface Channels {
  [CHAT]: Line
  [CHART]: Point
  [BURST]: Numbered
}

export const {
  BroadcastSocketProvider,
  useBroadcast,
  useBroadcastSocket,
  useMessages,
  useOutbox,
  usePresence,
  useStats,
  useSubscription,
} = createBroadcastHooks<Channels>()
