import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { JsonObject } from './pattern.js'

/** One file of the conformance suite; its README says what the steps mean. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly config: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly steps: readonly Step[]
}

export interface Step {
  readonly on?: string
  readonly connect?: string
  readonly path?: string
  readonly subprotocols?: readonly string[]
  readonly subprotocol?: string
  readonly welcome?: JsonObject
  readonly send?: JsonObject
  readonly sendText?: string
  readonly expect?: JsonObject
  readonly expectAll?: readonly JsonObject[]
  readonly closed?: number
  readonly close?: number
  readonly cut?: true
  readonly stop?: true
}

const DIRECTORY = new URL('../../../src/test/resources/conformance/', import.meta.url)

export const SCENARIOS: readonly Scenario[] = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const scenario = JSON.parse(readFileSync(new URL(file, DIRECTORY), 'utf8')) as Omit<Scenario, 'name' | 'config'> &
      Partial<Scenario>
    return { config: {}, ...scenario, name: basename(file, '.json') }
  })
