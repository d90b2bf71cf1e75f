import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

/** One row for each that was measured; the keys are the heads of the columns. */
export interface Table {
  readonly title: string
  readonly rows: readonly Readonly<Record<string, string | number>>[]
}

export interface Result {
  readonly tables: readonly Table[]
  /** What one has to know to judge the figures. */
  readonly notes: readonly string[]
  /** Everything that was measured, for whoever wants more than the tables. */
  readonly samples: unknown
}

export interface Options {
  readonly rounds: number | undefined
  readonly minutes: number | undefined
}

export type Scenario = (options: Options) => Promise<Result>

/** The middle of the samples, or between the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((one, other) => one - other)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2
}

/** Median (least–most). */
export function spread(samples: readonly number[], digits = 0): string {
  const show = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const [least, most] = [show(Math.min(...samples)), show(Math.max(...samples))]
  const middle = show(median(samples))
  return least === most ? middle : `${middle} (${least}–${most})`
}

/** Each sample beside that of the same round. */
export function ratios(samples: readonly number[], baseline: readonly number[]): readonly number[] {
  return samples.map((sample, round) => sample / (baseline[round] ?? NaN))
}

export async function publish(name: string, command: string, { tables, notes, samples }: Result): Promise<void> {
  const machine = [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ')
  const date = new Date().toISOString().slice(0, 10)
  const text = [
    `- Command: \`${command}\``,
    `- Date: ${date}`,
    `- Machine: ${machine}`,
    ...notes.map((note) => `- ${note}`),
  ]
  console.log([text.join('\n'), ...tables.map(markdown)].join('\n\n'))
  const results = new URL('results/', import.meta.url)
  await mkdir(results, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.json`, results))
  await writeFile(file, `${JSON.stringify({ name, command, date, machine, notes, tables, samples }, null, 2)}\n`)
}

function markdown({ title, rows }: Table): string {
  const heads = Object.keys(rows[0] ?? {})
  const lines = [heads, heads.map(() => '---'), ...rows.map((row) => heads.map((head) => row[head] ?? ''))]
  return [`### ${title}`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join('\n')
}
