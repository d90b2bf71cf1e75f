import { BroadcastError } from './errors.js'

/** Options that are imports of their own, and what is to be imported for them. */
const FEATURES = {
  auth: 'tokens',
  outboxStorage: 'customStorage',
  presence: 'presence',
  schemas: 'standardSchemas',
  snapshot: 'snapshotOf',
} as const

/** @throws BroadcastError `invalid-request` for an option that was not made by its import */
export function checkFeatures(options: { readonly [Name in keyof typeof FEATURES]?: unknown }): void {
  const given = options as Readonly<Record<string, { readonly serve?: unknown } | null | undefined>>
  for (const [name, needed] of Object.entries(FEATURES)) {
    if (given[name] !== undefined && typeof given[name]?.serve !== 'function') {
      throw new BroadcastError(
        'invalid-request',
        `${name}: import { ${needed} } from 'broadcast-socket-sdk', and pass it`,
      )
    }
  }
}
