/**
 * How long to wait before an attempt to connect, in milliseconds: before the first one after a loss a random part of the server's
 * spread, then a random part of `min(maxMs, minMs * 2^attempt)`. The random part is taken after the cap, so that clients that fail
 * for long do not end up in step.
 */
export function pauseBefore(
  attempt: number,
  { minMs, maxMs, spreadMs, random }: { minMs: number; maxMs: number; spreadMs: number; random: () => number },
): number {
  return random() * (attempt <= 1 ? spreadMs : Math.min(maxMs, minMs * 2 ** attempt))
}
