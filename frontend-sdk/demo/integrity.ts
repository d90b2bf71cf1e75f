/** What a publisher numbers by itself, from 1, so that its readers can tell whether all of it came. */
export interface Numbered {
  /** The series that the number counts in. */
  readonly run: string
  readonly n: number
}

/** A publication, as far as its place matters. */
export interface Placed {
  readonly epoch: string
  readonly offset: number
  readonly data: Numbered
}

/** What was seen of a channel. Immutable. */
export interface Verdict {
  readonly received: number
  /** Offsets that were passed over: as many as the gaps must have told. */
  readonly skipped: number
  /** Numbers that never came, although nothing was passed over. */
  readonly missing: number
  /** Came again, or after a later one. */
  readonly twice: number
  /** Where the channel stands, and the last number of each run. */
  readonly at: { readonly epoch: string; readonly offset: number } | null
  readonly runs: Readonly<Record<string, number>>
}

export const NOTHING_SEEN: Verdict = { received: 0, skipped: 0, missing: 0, twice: 0, at: null, runs: {} }

/**
 * Looks at one more publication. It trusts nobody: neither the SDK, which says that it delivers each offset once and in order, nor
 * the server's offsets, since the publishers count, too.
 */
export function look(before: Verdict, { epoch, offset, data: { run, n } }: Placed): Verdict {
  const { at, runs } = before
  const sameEpoch = at?.epoch === epoch
  if (sameEpoch && offset <= at.offset) {
    return { ...before, twice: before.twice + 1 }
  }
  const skipped = sameEpoch ? offset - at.offset - 1 : 0
  const last = runs[run]
  const goesOn = at === null || (sameEpoch && skipped === 0)
  const again = last !== undefined && n <= last
  return {
    received: before.received + 1,
    skipped: before.skipped + skipped,
    missing: before.missing + (last !== undefined && goesOn && !again ? n - last - 1 : 0),
    twice: before.twice + (again ? 1 : 0),
    at: { epoch, offset },
    // Behind a hole each run may go on anywhere
    runs: { ...(goesOn ? runs : {}), [run]: Math.max(n, last ?? 0) },
  }
}

/** Whether all is as it was promised. @param told offsets that gaps have told of */
export function isWhole({ skipped, missing, twice }: Verdict, told: number): boolean {
  return skipped <= told && missing === 0 && twice === 0
}
