import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Result } from './report.js'

/** What an application takes from each package. */
const OURS = {
  'core: `createClient`': "export { createClient } from '../dist/index.js'",
  'core: everything': "export * from '../dist/index.js'",
  'React: provider, `useSubscription`, `useBroadcast`':
    "export { BroadcastSocketProvider, useSubscription, useBroadcast } from '../dist/react.js'",
  'core and React: everything': "export * from '../dist/index.js'; export * from '../dist/react.js'",
  'testing: everything (no application has it)': "export * from '../dist/testing.js'",
}

const OTHERS = {
  'react-use-websocket': "export { default } from 'react-use-websocket'",
  'partysocket, its React hook': "export { usePartySocket } from 'partysocket/react'",
  partysocket: "export { PartySocket } from 'partysocket'",
  'graphql-ws': "export { createClient } from 'graphql-ws'",
  phoenix: "export { Socket, Presence } from 'phoenix'",
  '@anycable/web': "export { createCable } from '@anycable/web'",
  'socket.io-client': "export { io } from 'socket.io-client'",
  '@microsoft/signalr': "export { HubConnectionBuilder } from '@microsoft/signalr'",
  centrifuge: "export { Centrifuge } from 'centrifuge'",
  'ably, modular': "export { BaseRealtime, WebSocketTransport, FetchRequest } from 'ably/modular'",
  ably: "export { Realtime } from 'ably'",
}

const BASELINE = 'core: `createClient`'

/** Kilobytes of 1,000 that go over the wire for each package, without React. */
export async function size(): Promise<Result> {
  const sizes: [string, number][] = []
  for (const [name, code] of Object.entries({ ...OURS, ...OTHERS })) sizes.push([name, await gzipped(code)])
  const ours = Object.fromEntries(sizes)[BASELINE] ?? NaN
  return {
    notes: ['Bundled and minified by esbuild for es2022 browsers, gzip -9; kB of 1,000 bytes; React is not counted'],
    tables: [
      {
        title: 'Size',
        rows: sizes.map(([name, bytes]) => ({
          what: name in OURS ? `ours, ${name}` : name,
          'gzip kB': (bytes / 1000).toFixed(1),
          [`÷ ours, ${BASELINE}`]: (bytes / ours).toFixed(2),
        })),
      },
    ],
    samples: sizes,
  }
}

async function gzipped(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['react', 'react-dom', 'react/jsx-runtime'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}
