// Builds the page that the server shows at / in development; does nothing when there is one newer than all it is made of.
// The folder for it is the only argument. Maven calls this.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = resolve(process.argv[2])
const sources = ['src', 'demo', 'scripts', 'package-lock.json']

/** When anything in it changed last; a folder changes when a file is added or removed. */
function changed(path) {
  const status = statSync(path)
  return status.isDirectory()
    ? Math.max(status.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))))
    : status.mtimeMs
}

const page = join(target, 'index.html')
if (existsSync(page) && statSync(page).mtimeMs > Math.max(...sources.map((name) => changed(join(root, name))))) {
  process.exit(0)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  giveUp(`Node ${process.versions.node} is too old, 20.19 is needed`)
}
if (!install()) {
  giveUp('what it needs could not be installed')
}
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
const config = join(root, 'demo', 'vite.config.ts')
const options = ['build', join(root, 'demo'), '-c', config, '--outDir', target, '--emptyOutDir', '--logLevel', 'warn']
if (spawnSync(process.execPath, [vite, ...options], { stdio: 'inherit' }).status !== 0) {
  giveUp('vite failed')
}

function giveUp(why) {
  console.error(`The page of the server at / was not built: ${why}.`)
  process.exit(1)
}
