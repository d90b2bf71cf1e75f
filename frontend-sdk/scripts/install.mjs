// Installs what the lockfile names, unless it is there already. However many do this at once, one installs and the others wait.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lock = join(root, '.installing')
const WAIT_MS = 250

/** @returns whether everything is there */
export function install() {
  while (!isInstalled()) {
    if (take()) {
      try {
        return isInstalled() || npmCi()
      } finally {
        rmSync(lock, { force: true })
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
  }
  return true
}

/** npm writes its own lockfile last, so it is newer than ours when all of that was installed. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs > statSync(join(root, 'package-lock.json')).mtimeMs
}

/** The lock names the process that holds it, so that one that was killed holds nobody up. */
function take() {
  try {
    const file = openSync(lock, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAlive(holder())) rmSync(lock, { force: true })
    return false
  }
}

/** NaN when it is gone, or not written yet. */
function holder() {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10)
  } catch {
    return Number.NaN
  }
}

function isAlive(pid) {
  if (Number.isNaN(pid)) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function npmCi() {
  // Who has no network wants to know it soon; CI would rather wait.
  const patience = process.env.CI === 'true' ? '' : ' --fetch-retries=1 --fetch-retry-mintimeout=1000'
  console.log(`npm ci in ${root}`)
  const { status } = spawnSync(`npm ci --no-audit --no-fund --prefer-offline${patience}`, {
    cwd: root,
    shell: true,
    stdio: 'inherit',
  })
  return status === 0
}

if (import.meta.url === pathToFileURL(process.argv[1]).href && !install()) {
  console.error(`NOTICE: what the SDK needs could not be installed in ${root}`)
  process.exit(1)
}
