import type { Report } from './calls.js'
import { BroadcastError } from './errors.js'
import type { Item } from './subscriber.js'
import { isGap } from './subscriber.js'
import type { Message, SchemaResult, Schemas, StandardSchema } from './types.js'

/** Checks the payloads of a channel, and keeps their order when that takes time. */
export interface Funnel {
  readonly put: (item: Item) => void
  /** The message as the schema makes it; null, and reported, when it does not match. */
  readonly check: (message: Message) => Message | null | Promise<Message | null>
}

/** Takes what has been checked, in order: null for what does not match. */
export type Out = (item: Item | null) => void

/**
 * Checks payloads that arrive, by channel: `createClient({ url, schemas: standardSchemas({ news: z.object(…) }) })`. One that does
 * not match is reported as `schema-mismatch` and not delivered.
 */
export function standardSchemas<ByChannel extends { readonly [channel: string]: StandardSchema }>(
  byChannel: ByChannel,
): Schemas<ByChannel> {
  return {
    byChannel,
    serve(channel, report, out) {
      const schema = Object.hasOwn(byChannel, channel) ? byChannel[channel] : undefined
      return schema && createFunnel(channel, schema, report, out)
    },
  }
}

function createFunnel(channel: string, schema: StandardSchema, report: Report, out: Out): Funnel {
  /** Resolves when all that was put has come out; null when it has. */
  let tail: Promise<void> | null = null

  const check = (message: Message): Message | null | Promise<Message | null> => {
    const refuse = (why: string, cause?: unknown): null => {
      const text = `a message of ${channel} does not match its schema: ${why}`
      report(new BroadcastError('schema-mismatch', text, { channel, cause }))
      return null
    }
    const use = (result: SchemaResult<unknown>): Message | null => {
      if (result.issues !== undefined) {
        return refuse(result.issues.map((issue) => issue.message).join('; '))
      }
      return result.value === message.data ? message : Object.freeze({ ...message, data: result.value })
    }
    const threw = (cause: unknown): null => refuse(String(cause), cause)
    try {
      const result = schema['~standard'].validate(message.data)
      return result instanceof Promise ? result.then(use).catch(threw) : use(result)
    } catch (cause) {
      return threw(cause)
    }
  }

  return {
    check,
    put(item) {
      const checked = isGap(item) ? item : check(item)
      if (tail === null && !(checked instanceof Promise)) {
        out(checked)
        return
      }
      const mine = (tail ?? Promise.resolve()).then(async () => {
        out(await checked)
        if (tail === mine) {
          tail = null
        }
      })
      tail = mine
    },
  }
}
