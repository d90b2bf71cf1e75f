import { BroadcastError } from './errors.js'
import type { ErrorCode } from './errors.js'
import type { Accepted } from './outbox-types.js'
import type { Gap, HistoryPage, Member, Message, Position, PresencePage } from './types.js'

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

/** A publication as it comes, before anybody knows its epoch. */
export interface Publication {
  readonly data: unknown
  readonly messageId: string
  readonly offset: number
  readonly timestamp: number
}

/** A gap as it comes. Its own position is where delivery goes on. */
export interface Missing extends Position {
  readonly from: number
  readonly to: number
  readonly reason: Gap['reason']
}

export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

/** The `data` of an ack; which fields it has depends on the command. */
export interface AckData extends Partial<Position>, Partial<PresencePage> {
  readonly recovered?: boolean
  readonly presence?: PresencePage
  readonly subscriptions?: Readonly<Record<string, AckData>>
  readonly refused?: Readonly<Record<string, Refusal>>
  readonly publications?: readonly Publication[]
  readonly gap?: Missing
  readonly durability?: Accepted['durability']
  readonly duplicate?: boolean
  readonly expiresInMs?: number
}

/** What the server says of itself, first of all. */
export interface Welcome {
  readonly clientId: string
  readonly node: string
  readonly heartbeatMs: number
  readonly maxMessageBytes: number
  readonly spreadMs: number
}

/** What comes over a channel. */
export type Push =
  | (Publication & { readonly type: 'message'; readonly channel: string })
  /** With `presence`, joins and leaves are missing. */
  | { readonly type: 'gap'; readonly channel: string; readonly data: Missing & { readonly presence?: boolean } }
  | { readonly type: 'join'; readonly channel: string; readonly data: Member }
  | { readonly type: 'leave'; readonly channel: string; readonly data: Member }

export interface Drain {
  readonly type: 'drain'
  readonly data: { readonly spreadMs: number }
}

export type Reply =
  | { readonly type: 'ack'; readonly messageId?: string; readonly data?: AckData }
  | { readonly type: 'error'; readonly messageId?: string; readonly data: Refusal }

/** What a server of this protocol sends; there may be more of it than this version knows, which is to be ignored. */
export type ServerFrame = Reply | Push | Drain | { readonly type: 'ping' }

/** The frame, whose fields are believed to be those of its type: the welcome shows who speaks. Null when it is no JSON object. */
export function decode(text: unknown): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(String(text))
    return typeof frame === 'object' ? (frame as ServerFrame | null) : null
  } catch {
    return null
  }
}

/** Null when this first frame is not the welcome of a broadcast server. */
export function welcomeOf(frame: ServerFrame | null): Welcome | null {
  const welcome = frame?.type === 'ack' ? (frame.data as Partial<Welcome> | undefined) : undefined
  return typeof welcome?.clientId === 'string' && typeof welcome.heartbeatMs === 'number' ? (welcome as Welcome) : null
}

/** The server's words for what it refused. */
export function refusal(
  { code, message, retryAfterMs }: Refusal = { code: 'internal-error', message: 'the server gave no answer' },
  channel?: string,
): BroadcastError {
  return new BroadcastError(code, message, { retryAfterMs, channel })
}

/**
 * The push, with every number that is reckoned with; null for a type that this version does not know.
 *
 * @throws TypeError when it is not sound
 */
export function pushOf(frame: Push | Drain): Push | Drain | null {
  const isSound = SOUND.get(frame.type)
  if (isSound?.(frame as never) === false) {
    throw new TypeError(`a ${frame.type} without its fields`)
  }
  return isSound ? frame : null
}

type Frame<Type> = Extract<Push | Drain, { readonly type: Type }>

const isMember = ({ data }: Frame<'join' | 'leave'>): boolean => typeof data.clientId === 'string'

/** Whether a push has all that is reckoned with, by its type. */
const SOUND = new Map<string, (frame: never) => boolean>([
  ['message', ({ offset }: Frame<'message'>) => isOffset(offset)],
  [
    'gap',
    ({ data }: Frame<'gap'>) =>
      data.presence === true || (isOffset(data.from) && isOffset(data.to) && positionOf(data) !== null),
  ],
  ['drain', ({ data }: Frame<'drain'>) => isOffset(data.spreadMs)],
  ['join', isMember],
  ['leave', isMember],
])

function isOffset(value: unknown): boolean {
  return Number.isSafeInteger(value)
}

/** Epoch and offset of something that has more fields; null when it has none. */
export function positionOf({ epoch, offset }: Partial<Position>): Position | null {
  return typeof epoch === 'string' && offset !== undefined && isOffset(offset) ? { epoch, offset } : null
}

export function gapOf(channel: string, { from, to, reason, epoch, offset }: Missing): Gap {
  return { channel, from, to, reason, position: { epoch, offset } }
}

export function messageOf(
  channel: string,
  epoch: string,
  { data, messageId, offset, timestamp }: Publication,
): Message {
  return Object.freeze({ channel, data, messageId, offset, epoch, timestamp })
}

/** The page that is in the ack of a history; null when there is none. */
export function pageOf(channel: string, data: AckData): HistoryPage | null {
  const { publications = [], gap } = data
  const top = positionOf(data)
  return top !== null && publications.every(({ offset }) => isOffset(offset))
    ? {
        messages: publications.map((publication) => messageOf(channel, top.epoch, publication)),
        top,
        ...(gap && { gap: gapOf(channel, gap) }),
      }
    : null
}
