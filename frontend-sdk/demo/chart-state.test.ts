import { expect, it } from 'vitest'
import type { Message } from '../src/index.js'
import type { Point } from './channels.js'
import { addPoint, EMPTY_CHART, segments, WINDOW_MS } from './chart-state.js'

const point = (n: number, run = 'a', at = n): Point => ({ run, n, at, y: 0.5 })

const message = (offset: number, data: Point): Message<Point> => ({
  channel: 'demo/chart',
  data,
  messageId: `m${offset}`,
  offset,
  epoch: 'e',
  timestamp: 0,
})

it('keeps the points of the window, and looks at all', () => {
  const points = [point(1), point(2), point(3, 'a', WINDOW_MS + 1)]
  const chart = points.reduce((state, data, index) => addPoint(state, message(index + 1, data)), EMPTY_CHART)
  expect(chart.points.map(({ n }) => n)).toEqual([2, 3])
  expect(chart.verdict).toMatchObject({ received: 3, missing: 0 })
})

it('draws a line for each publisher, broken where a number is missing', () => {
  const lines = segments([point(1), point(7, 'b'), point(2), point(4), point(5)])
  expect(lines.map(({ run, points }) => [run, ...points.map(({ n }) => n)])).toEqual([
    ['a', 1, 2],
    ['a', 4, 5],
    ['b', 7],
  ])
})
