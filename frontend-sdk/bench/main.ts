import { parseArgs } from 'node:util'
import { burst } from './burst.js'
import { publish, type Scenario } from './report.js'
import { restart } from './restart.js'
import { size } from './size.js'
import { soak } from './soak.js'

const scenarios: Readonly<Record<string, Scenario>> = { size, burst, restart, soak }

const USAGE = `npm run bench -- <${Object.keys(scenarios).join(' | ')}> [--rounds n] [--minutes n]`

/** Runs the scenario that the arguments name, prints its tables and writes them to results/. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rounds: { type: 'string' }, minutes: { type: 'string' } },
  })
  const [name = ''] = positionals
  const scenario = scenarios[name]
  if (scenario === undefined || positionals.length > 1) throw new Error(USAGE)
  const result = await scenario({ rounds: count(values.rounds), minutes: count(values.minutes) })
  await publish(name, `npm run bench -- ${args.join(' ')}`, result)
}

function count(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^[1-9]\d*$/.test(value)) throw new Error(USAGE)
  return Number(value)
}
