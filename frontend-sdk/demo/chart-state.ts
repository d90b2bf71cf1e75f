import type { Message } from 'broadcast-socket-sdk'
import type { Point } from './channels.js'
import { look, NOTHING_SEEN } from './integrity.js'
import type { Verdict } from './integrity.js'

/** How much of the past is drawn. */
export const WINDOW_MS = 30_000

/** What the points add up to. Immutable. */
export interface ChartState {
  /** Those of the window, as they came. */
  readonly points: readonly Point[]
  readonly verdict: Verdict
}

export const EMPTY_CHART: ChartState = { points: [], verdict: NOTHING_SEEN }

export function addPoint({ points, verdict }: ChartState, message: Message<Point>): ChartState {
  const newest = Math.max(message.data.at, points.at(-1)?.at ?? 0)
  return {
    points: [...points.filter(({ at }) => at > newest - WINDOW_MS), message.data],
    verdict: look(verdict, message),
  }
}

/** A line without holes: points of one publisher, each the next of the one before. */
export interface Segment {
  readonly run: string
  readonly points: readonly Point[]
}

/** Breaks what is drawn wherever a number is missing, so that a loss can be seen. */
export function segments(points: readonly Point[]): readonly Segment[] {
  const runs = new Map<string, Point[]>()
  for (const point of points) {
    const run = runs.get(point.run)
    if (run) run.push(point)
    else runs.set(point.run, [point])
  }
  return [...runs].flatMap(([run, all]) => {
    const parts: Point[][] = []
    all.forEach((point, index) => {
      const part = parts.at(-1)
      if (part && all[index - 1]?.n === point.n - 1) part.push(point)
      else parts.push([point])
    })
    return parts.map((part) => ({ run, points: part }))
  })
}
