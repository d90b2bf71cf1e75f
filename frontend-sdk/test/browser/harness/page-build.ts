import { readdirSync } from 'node:fs'
import { parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** What the browser loads, by its name: `client.js`, `client.css` and so on. */
export type BuiltFiles = ReadonlyMap<string, string | Uint8Array>

/** Builds each module of `pages` as an application would, with the SDK as it is published. Nothing is written to disk. */
export async function buildPages(): Promise<BuiltFiles> {
  const modules = readdirSync(path('../pages')).filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  const built = await build({
    configFile: false,
    root: path('../pages'),
    logLevel: 'warn',
    // Warnings of React's development build are errors of the test
    mode: 'development',
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    resolve: {
      alias: [
        { find: /^broadcast-socket-sdk\/react$/, replacement: path('../../../dist/react.js') },
        { find: /^broadcast-socket-sdk$/, replacement: path('../../../dist/index.js') },
      ],
    },
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        // Nothing here runs on a server
        onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
        input: Object.fromEntries(modules.map((file) => [parse(file).name, path(`../pages/${file}`)])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  })
  const outputs = 'output' in built ? built.output : []
  return new Map(outputs.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]))
}
