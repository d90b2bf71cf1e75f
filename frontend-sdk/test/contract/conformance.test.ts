import { describe, expect, it } from 'vitest'
import { ScenarioRunner } from './scenario-runner.js'
import { SCENARIOS } from './scenario.js'

const RATES = 'the server in memory counts no rates: tests say what it refuses'
const HTTP = 'an answer of HTTP, which no page ever sees'

/** Scenarios that the server in memory does not play, and why. */
const SKIPPED = new Map([
  ['broadcast-rate-limit', RATES],
  ['error-rate-limit', RATES],
  ['presence-rate-limit', RATES],
  ['close-flooding', RATES],
  ['close-idle', 'the server in memory has no idle time: a test drops with 4002'],
  ['close-binary', 'the client sends text only'],
  ['close-disconnected', 'there is no HTTP API in memory: a test drops with 4101'],
  ['connect-full', HTTP],
  ['connect-origin', HTTP],
  ['message-bytes', 'JSON.parse loses the digits and white space of data at both ends'],
])

describe('the server in memory does what the protocol says', () => {
  for (const scenario of SCENARIOS) {
    const reason = SKIPPED.get(scenario.name)
    it(`${scenario.name}: ${scenario.title}`, async ({ skip }) => {
      if (reason !== undefined) skip(reason)
      await new ScenarioRunner(scenario).play(scenario.steps)
    })
  }
})

it('only scenarios that exist are skipped', () => {
  const names = SCENARIOS.map(({ name }) => name)
  expect([...SKIPPED.keys()].filter((name) => !names.includes(name))).toEqual([])
})
