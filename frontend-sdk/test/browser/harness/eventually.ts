import { setTimeout as pause } from 'node:timers/promises'

/** Long enough for a machine that is busy with other things: it passes only when something is wrong. */
const PATIENCE_MS = 30_000

/** Reads until it accepts, and returns what it has read then. Fails with what it read last. */
export async function eventually<State>(
  read: () => Promise<State> | State,
  accepts: (state: State) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<State> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const state = await read()
    if (accepts(state)) return state
    if (performance.now() > deadline) {
      throw new Error(`after ${patienceMs} ms not ${String(accepts)}, but ${JSON.stringify([state]).slice(1, 2_000)}`)
    }
    await pause(20)
  }
}

/** A channel that nobody has used. */
export function fresh(): string {
  return `browser-${crypto.randomUUID()}`
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}
