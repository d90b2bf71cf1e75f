import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'
import type { Gap, Member, Position } from './types.js'

/** The subprotocol of PROTOCOL.md that selects `gap`, `join`, `leave` and `drain`. */
export const SUBPROTOCOL = 'broadcast.v1'

/** The channel of everyone: each connection has it from the beginning and cannot leave it. */
export const EVERYONE = '*'

/** A command without its `messageId`, which the link adds. */
export type Command =
  | { readonly type: 'auth'; readonly token: string }
  | { readonly type: 'resume'; readonly positions: Readonly<Record<string, Position>> }
  | { readonly type: 'unsubscribe'; readonly channel: string }
  | {
      readonly type: 'history'
      readonly channel: string
      readonly since?: Position | undefined
      readonly limit?: number | undefined
    }
  | {
      readonly type: 'presence'
      readonly channel?: string
      readonly after?: string | undefined
      readonly limit?: number | undefined
    }
  | SubscribeCommand

/** What is undefined is not sent. */
export interface SubscribeCommand {
  readonly type: 'subscribe'
  readonly channel: string
  readonly since?: Position | undefined
  readonly last?: number | undefined
  readonly info?: unknown
  readonly presence?: boolean | undefined
}

/** The `data` of an ack; which fields it has depends on the command. */
export type AckData = Readonly<Record<string, unknown>>

/** A publication as it came, before anybody knows its epoch. */
export interface Publication {
  readonly data: unknown
  readonly messageId: string
  readonly offset: number
  readonly timestamp: number
}

export interface MessageFrame extends Publication {
  readonly type: 'message'
  readonly channel: string
}

export type Push =
  | MessageFrame
  | { readonly type: 'gap'; readonly channel: string; readonly gap: Gap }
  /** Joins and leaves are missing. */
  | { readonly type: 'presence-gap'; readonly channel: string }
  | { readonly type: 'join'; readonly channel: string; readonly member: Member }
  | { readonly type: 'leave'; readonly channel: string; readonly member: Member }
  | { readonly type: 'drain'; readonly spreadMs: number }

export type ServerFrame =
  | { readonly type: 'ack'; readonly messageId: string | undefined; readonly data: AckData }
  | { readonly type: 'error'; readonly messageId: string | undefined; readonly error: BroadcastError }
  | { readonly type: 'ping' }
  | Push

/** What the server says of itself, first of all. */
export interface Welcome {
  readonly clientId: string
  readonly node: string
  readonly heartbeatMs: number
  readonly maxMessageBytes: number
  readonly spreadMs: number
}

type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isPosition(value: unknown): value is Position {
  return isObject(value) && typeof value.epoch === 'string' && typeof value.offset === 'number'
}

/** Epoch and offset of something that has more fields. */
export function positionOf(value: unknown): Position | null {
  return isPosition(value) ? { epoch: value.epoch, offset: value.offset } : null
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The server's words for what it refused. */
export function refusal(data: unknown, channel?: string): BroadcastError {
  const { code, message, retryAfterMs } = isObject(data) ? data : {}
  const after = number(retryAfterMs)
  return new BroadcastError((text(code) ?? 'internal-error') as ErrorCode, text(message) ?? 'the server refused it', {
    ...(after === undefined ? {} : { retryAfterMs: after }),
    ...(channel === undefined ? {} : { channel }),
  })
}

/** A gap out of the `data` of a push or the `gap` of a history; null when it is none. */
export function gapOf(channel: string, data: unknown): Gap | null {
  const position = positionOf(data)
  if (!isObject(data) || position === null) {
    return null
  }
  const { from, to, reason } = data
  return typeof from === 'number' && typeof to === 'number'
    ? { channel, from, to, reason: reason as Gap['reason'], position }
    : null
}

export function publicationOf(value: unknown): Publication | null {
  return isObject(value) && typeof value.offset === 'number'
    ? {
        data: value.data,
        messageId: text(value.messageId) ?? '',
        offset: value.offset,
        timestamp: number(value.timestamp) ?? 0,
      }
    : null
}

export function memberOf(value: unknown): Member | null {
  return isObject(value) && typeof value.clientId === 'string' ? { clientId: value.clientId, info: value.info } : null
}

/** Null when this first frame is not the welcome of a broadcast server. */
export function welcomeOf(frame: ServerFrame | null): Welcome | null {
  if (frame?.type !== 'ack' || frame.messageId !== undefined) {
    return null
  }
  const { clientId, node, heartbeatMs, maxMessageBytes, spreadMs } = frame.data
  return typeof clientId === 'string' && typeof heartbeatMs === 'number'
    ? {
        clientId,
        node: text(node) ?? '',
        heartbeatMs,
        maxMessageBytes: number(maxMessageBytes) ?? Infinity,
        spreadMs: number(spreadMs) ?? 0,
      }
    : null
}

/** Null for what this version does not know, which is to be ignored. */
export function decode(frame: unknown): ServerFrame | null {
  let json: unknown
  try {
    json = JSON.parse(String(frame))
  } catch {
    return null
  }
  return isObject(json) ? frameOf(json) : null
}

function frameOf(json: Json): ServerFrame | null {
  const { type, data } = json
  const messageId = text(json.messageId)
  if (type === 'ack') {
    return { type, messageId, data: isObject(data) ? data : {} }
  }
  if (type === 'error') {
    return { type, messageId, error: refusal(data) }
  }
  if (type === 'ping') {
    return { type }
  }
  if (type === 'drain') {
    return { type, spreadMs: isObject(data) ? (number(data.spreadMs) ?? 0) : 0 }
  }
  const channel = text(json.channel)
  return channel === undefined ? null : pushOf(type, channel, json)
}

function pushOf(type: unknown, channel: string, json: Json): Push | null {
  if (type === 'message') {
    const publication = publicationOf(json)
    return publication && { type, channel, ...publication }
  }
  if (type === 'join' || type === 'leave') {
    const member = memberOf(json.data)
    return member && { type, channel, member }
  }
  if (type === 'gap') {
    if (isObject(json.data) && json.data.presence === true) {
      return { type: 'presence-gap', channel }
    }
    const gap = gapOf(channel, json.data)
    return gap && { type, channel, gap }
  }
  return null
}
