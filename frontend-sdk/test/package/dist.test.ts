import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json')) as {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}
const modules = readdirSync(new URL('../../dist/', import.meta.url)).filter((file) => file.endsWith('.js'))

describe('what is built', () => {
  it('has a module and its types for each entry', () => {
    const files = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    )
    expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([])
  })

  it('is a client module of React in the entry ./react, and nowhere else', () => {
    const clients = modules.filter((file) => /^\s*(['"])use client\1/.test(read(`dist/${file}`)))
    expect(clients).toEqual(['react.js'])
  })

  it.each(['index.js', 'react.js', 'testing.js'])('%s exports nothing that README.md does not have', async (file) => {
    const names = Object.keys((await import(new URL(`../../dist/${file}`, import.meta.url).href)) as object)
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(read('README.md')))).toEqual([])
  })

  it.each(modules)('%s imports nothing but its own and React', (file) => {
    const imported = [...read(`dist/${file}`).matchAll(/^(?:import|export)\b[^'"]*?["']([^'"]+)["']/gm)].map(
      (match) => match[1],
    )
    const allowed = file === 'react.js' ? /^(\.\/|react$|react\/jsx-runtime$)/ : /^\.\//
    expect(imported.filter((name) => !allowed.test(name ?? ''))).toEqual([])
  })
})

describe('the manifest', () => {
  it('has the version of the server', () => {
    expect(read('../pom.xml')).toContain(
      `<artifactId>broadcast-socket</artifactId>\n  <version>${manifest.version}</version>`,
    )
  })

  it('has the license of the server', () => {
    expect(read('LICENSE')).toBe(read('../LICENSE'))
  })

  it('has no dependencies, and React as an option', () => {
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).toMatchObject({
      peerDependencies: { react: '>=18' },
      peerDependenciesMeta: { react: { optional: true } },
    })
  })

  it('pins each tool, and the lockfile names no registry', () => {
    const pins = Object.values(manifest.devDependencies)
    expect(pins.filter((pin) => !/^(\d+\.\d+\.\d+|file:test\/react-18)$/.test(pin))).toEqual([])
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/)
  })
})
