// Runs one of the benchmarks: `npm run bench -- <name> [options]`. They are TypeScript, which Node 20 does not run itself.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (!existsSync(here('node_modules'))) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here('.'), stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
const { module } = await runnerImport(here('main.ts'), { configFile: false, root: here('..'), logLevel: 'warn' })
await module.main(process.argv.slice(2))
// Sockets that wait for the answer of a server that is gone would keep it from ending
process.exit(0)
