// Everything that CI asks of the SDK. Each step prints how long it took; the first that fails ends it.
import { spawnSync } from 'node:child_process'

const steps = [
  'tsdown --log-level warn',
  'tsc -p tsconfig.src.json',
  'tsc',
  'tsc -p examples',
  'npm ci --prefix bench --no-audit --no-fund --prefer-offline --loglevel error',
  'tsc -p bench',
  'tsc -p demo',
  'eslint --max-warnings 0 .',
  'prettier --check --log-level warn .',
  'vitest run --reporter=dot',
  'vitest run -c test/browser/vitest.config.ts --reporter=dot',
  'size-limit',
  'publint --strict',
  'attw --pack . --profile esm-only --quiet',
  'typedoc --emit none --logLevel Warn',
  'node scripts/pack-test.mjs',
]

for (const step of steps) {
  const begin = Date.now()
  // npm puts node_modules/.bin into the path of what it runs.
  const { status } = spawnSync(step, { shell: true, stdio: 'inherit' })
  console.log(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s  ${step}`,
  )
  if (status !== 0) process.exit(1)
}
