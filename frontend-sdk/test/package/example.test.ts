// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const run = fileURLToPath(new URL('../../examples/run.mjs', import.meta.url))

it.each([[], ['caht'], ['..']])('npm run example says which there are when it is given %j', (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [run, ...args], { encoding: 'utf8' })
  expect(stderr).toBe('Which one? npm run example -- chat | cursors | dashboard | notifications\n')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
})
