import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/install.mjs', import.meta.url))

let folder: string

/** An npm that says that it was called, and does what the real one does last. */
function fakeNpm(status: number): void {
  const npm = join(folder, 'bin', 'npm')
  const done = status === 0 ? 'mkdir -p node_modules && echo "{}" > node_modules/.package-lock.json' : 'true'
  writeFileSync(npm, `#!/bin/sh\necho called >> calls\nsleep 0.3\n${done}\nexit ${status}\n`)
  chmodSync(npm, 0o755)
}

const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').split('\n') : [''])

function install(): Promise<{ status: number | null; errors: string }> {
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter)
  const child = spawn(process.execPath, [join(folder, 'scripts', 'install.mjs')], {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, errors })))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sdk-install-'))
  for (const name of ['bin', 'scripts']) mkdirSync(join(folder, name))
  copyFileSync(script, join(folder, 'scripts', 'install.mjs'))
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  fakeNpm(0)
})

afterEach(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform === 'win32')('scripts/install.mjs', () => {
  it('installs once, however many want it at the same time, and not again', async () => {
    const all = await Promise.all([install(), install(), install()])
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0])
    expect(await install()).toEqual({ status: 0, errors: '' })
    expect(calls()).toEqual(['called', ''])
    expect(existsSync(join(folder, '.installing'))).toBe(false)
  })

  it('is not held up by one that was killed', async () => {
    // No process has this number: it is beyond what Linux and macOS give
    writeFileSync(join(folder, '.installing'), String(2 ** 30))
    expect(await install()).toMatchObject({ status: 0 })
    expect(calls()).toEqual(['called', ''])
  })

  it('says so when it cannot', async () => {
    fakeNpm(1)
    const { status, errors } = await install()
    expect(status).toBe(1)
    expect(errors).toContain('NOTICE')
    expect(existsSync(join(folder, '.installing'))).toBe(false)
  })
})
