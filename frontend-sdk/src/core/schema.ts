import { BroadcastError } from './errors.js'
import type { SchemaResult, StandardSchema } from './types.js'

/** What the schema makes of the data. Rejects or throws `schema-mismatch`; a promise only if the schema gives one. */
export function validate(schema: StandardSchema, channel: string, data: unknown): unknown {
  const mismatch = (why: string, cause?: unknown): BroadcastError =>
    new BroadcastError('schema-mismatch', `a message of ${channel} does not match its schema: ${why}`, {
      channel,
      cause,
    })
  const valueOf = (result: SchemaResult<unknown>): unknown => {
    if (result.issues !== undefined) {
      throw mismatch(result.issues.map(({ message }) => message).join('; '))
    }
    return result.value
  }
  let result: SchemaResult<unknown> | Promise<SchemaResult<unknown>>
  try {
    result = schema['~standard'].validate(data)
  } catch (cause) {
    throw mismatch(String(cause), cause)
  }
  if (!(result instanceof Promise)) {
    return valueOf(result)
  }
  return result.then(valueOf, (cause: unknown) => {
    throw mismatch(String(cause), cause)
  })
}
