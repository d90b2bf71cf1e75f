// Installs the package as npm would publish it into an empty Vite app, with React 19 and then 18; each block of code in
// README.md is a file of that app, which must compile, build, and render on a server.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { devDependencies: pins, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const app = mkdtempSync(join(tmpdir(), 'sdk-pack-'))

/** React, and the types that applications have with it; the installed one first. */
const reacts = [
  { react: pins['react'], dom: pins['react-dom'], types: pins['@types/react'], domTypes: pins['@types/react-dom'] },
  { react: '18.3.1', dom: '18.3.1', types: '18.3.8', domTypes: '18.3.7' },
]

const html = '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>'

const main = `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App'

const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>)
`

const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    jsx: 'react-jsx',
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  },
  include: ['src'],
}

// What the blocks of README.md cannot show: channels that are registered for a whole program, and what must not compile.
const registered = `import { useBroadcast, useSubscription } from '${name}/react'

declare module '${name}/react' {
  interface Register {
    channels: { news: { title: string }; [room: \`chat/\${string}\`]: { text: string } }
  }
}

export function useChannels(): string | undefined {
  const broadcast = useBroadcast()
  void broadcast('chat/1', { text: 'Hello' })
  // @ts-expect-error a payload of another channel
  void broadcast('news', { text: 'Hello' })
  // @ts-expect-error no such channel
  useSubscription('sports')
  return useSubscription('news').lastMessage?.data.title
}
`

// Renders without a window, and leaves nothing behind that keeps Node from ending.
const server = `import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { BroadcastError, createClient } from '${name}'
import { BroadcastSocketProvider, useSubscription } from '${name}/react'
import { TestServer } from '${name}/testing'

const News = () => createElement('p', null, useSubscription('news').state.status)
const html = renderToString(createElement(BroadcastSocketProvider, { url: 'ws://localhost:1' }, createElement(News)))
if (!/^<p>\\w+<\\/p>$/.test(html)) throw new Error('rendered ' + html)
for (const made of [BroadcastError, createClient, TestServer]) if (typeof made !== 'function') throw new Error('not exported')
`

const write = (path, text) => {
  mkdirSync(dirname(join(app, path)), { recursive: true })
  writeFileSync(join(app, path), text)
}
const run = (command, ...args) => execFileSync(command, args, { cwd: app, stdio: ['ignore', 'inherit', 'inherit'] })
const npm = (...args) => run('npm', ...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error')
const bin = (tool, ...args) => run(process.execPath, join(app, 'node_modules', tool), ...args)

function fail(problem) {
  throw new Error(problem)
}

function pack() {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app], {
    cwd: root,
    encoding: 'utf8',
  })
  const [{ filename, files }] = JSON.parse(packed)
  const strange = files
    .map((file) => file.path)
    .filter((path) => !/^(dist\/[\w-]+\.(js|js\.map|d\.ts)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(path))
  if (strange.length > 0) fail(`the package has files of no use: ${strange.join(', ')}`)
  return join(app, filename)
}

function readmeBlocks() {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```(tsx?)\n([^]*?)^```$/gm)]
  if (blocks.length < 2) fail('README.md has no code')
  blocks.forEach(([, extension, code], index) => {
    write(index === 0 ? 'src/App.tsx' : `src/recipe-${index}.${extension}`, code)
  })
}

function checkBundle() {
  const scripts = readdirSync(join(app, 'dist/assets')).filter((file) => file.endsWith('.js'))
  const code = scripts.map((file) => readFileSync(join(app, 'dist/assets', file), 'utf8')).join('')
  if (!code.includes('broadcast.v1')) fail('the client is not in the bundle')
  if (code.includes('TestServer') || code.includes('FakeClock')) fail('the model of the server is in the bundle')
}

try {
  write('package.json', JSON.stringify({ name: 'app', private: true, type: 'module' }))
  write('tsconfig.json', JSON.stringify(tsconfig))
  write('registered/index.ts', registered)
  write('registered/tsconfig.json', JSON.stringify({ ...tsconfig, include: ['.'] }))
  write('index.html', html)
  write('src/main.tsx', main)
  write('server.mjs', server)
  readmeBlocks()
  const tarball = pack()
  npm(
    'install',
    tarball,
    `vite@${pins['vite']}`,
    `typescript@${pins['typescript']}`,
    `@vitejs/plugin-react@${pins['@vitejs/plugin-react']}`,
  )
  write(
    'vite.config.js',
    "import react from '@vitejs/plugin-react'\nexport default { plugins: [react()], logLevel: 'warn' }\n",
  )
  for (const { react, dom, types, domTypes } of reacts) {
    npm('install', `react@${react}`, `react-dom@${dom}`, `@types/react@${types}`, `@types/react-dom@${domTypes}`)
    bin('typescript/bin/tsc')
    bin('typescript/bin/tsc', '-p', 'registered')
    bin('vite/bin/vite.js', 'build')
    checkBundle()
    run(process.execPath, 'server.mjs')
    console.log(`${name} ${version} (${statSync(tarball).size} bytes) works in a Vite app with React ${react}`)
  }
} finally {
  rmSync(app, { recursive: true, force: true })
}
