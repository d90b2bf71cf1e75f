import type { ErrorCode } from '../core/errors.js'
import type { Position } from '../core/types.js'

/** A command as a client sent it; which fields belong to which type says PROTOCOL.md. */
export interface ClientCommand {
  readonly type: string
  readonly messageId?: string
  readonly channel?: string
  readonly data?: unknown
  readonly echo?: boolean
  readonly since?: Position
  readonly last?: number
  readonly info?: unknown
  readonly presence?: boolean
  readonly positions?: Readonly<Record<string, Position>>
  readonly session?: string
  readonly limit?: number
  readonly after?: string
  readonly token?: string
}

/** A command is answered by an `error`. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly messageId: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { messageId?: string | undefined; retryAfterMs?: number | undefined } = {},
  ) {
    super(message)
    this.code = code
    this.messageId = details.messageId
    this.retryAfterMs = details.retryAfterMs
  }
}

const TYPES = ['subscribe', 'unsubscribe', 'broadcast', 'resume', 'history', 'presence', 'pong']
const CHANNEL = /^(\*|[A-Za-z0-9_\-.:/@#=+~,]{1,200})$/
const MAX_COUNT = 1000

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  messageId: (value) => isText(value, 128),
  type: (value) => isText(value, 32),
  channel: (value) => isText(value, Infinity),
  since: isPosition,
  last: isCount,
  limit: isCount,
  echo: isBoolean,
  presence: isBoolean,
  session: (value) => isText(value, 64),
  after: (value) => isText(value, 128),
  token: (value) => isText(value, Infinity),
  positions: (value) => isObject(value) && Object.values(value).every(isPosition),
}

/**
 * Reads a command.
 *
 * @param types further types that this server knows
 * @throws Refusal as the server would refuse it
 */
export function readCommand(text: string, types: readonly string[]): ClientCommand {
  const fields = readObject(text)
  const id = fields.messageId
  const messageId = isText(id, 128) ? id : undefined
  const refuse = (code: ErrorCode, message: string): Refusal => new Refusal(code, message, { messageId })
  for (const [name, isRight] of Object.entries(FIELDS)) {
    if (name in fields && !isRight(fields[name])) throw refuse('invalid-request', `"${name}" is wrong`)
  }
  const command = fields as unknown as ClientCommand
  if (!('type' in fields)) throw refuse('invalid-request', '"type" is missing')
  if (!TYPES.includes(command.type) && !types.includes(command.type)) {
    throw refuse('unknown-type', `the type is not one of ${TYPES.join(', ')}`)
  }
  const channels = [
    ...(command.channel === undefined ? [] : [command.channel]),
    ...Object.keys(command.positions ?? {}),
  ]
  if (!channels.every((channel) => CHANNEL.test(channel))) {
    throw refuse('invalid-channel', 'a channel name has 1 to 200 characters out of A-Z a-z 0-9 _-.:/@#=+~,')
  }
  if (command.type === 'broadcast' && !('data' in fields)) throw refuse('invalid-request', '"data" is missing')
  if (command.since !== undefined && command.last !== undefined && command.type === 'subscribe') {
    throw refuse('invalid-request', '"since" and "last" exclude each other')
  }
  if (command.type === 'history' && command.limit === 0) throw refuse('invalid-request', '"limit" must be 1 to 1000')
  if (command.type === 'unsubscribe' && (command.channel ?? '*') === '*') {
    throw refuse('invalid-request', 'name a channel; every connection stays subscribed to "*"')
  }
  return command
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('invalid-json', 'the message is not valid JSON')
  }
  if (!isObject(value)) throw new Refusal('invalid-request', 'a command is a JSON object')
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= max && !/\p{Surrogate}/u.test(value)
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COUNT
}

function isPosition(value: unknown): boolean {
  return isObject(value) && isText(value.epoch, 64) && Number.isSafeInteger(value.offset) && Number(value.offset) >= 0
}
