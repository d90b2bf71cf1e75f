// npm run example -- chat: starts one of the examples, which speak to the server at ws://localhost:8080.
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const folder = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const [name] = process.argv.slice(2)
if (!names.includes(name)) {
  console.error(`Which one? npm run example -- ${names.join(' | ')}`)
  process.exit(2)
}

const vite = await createServer({ configFile: `${folder}vite.config.ts`, mode: name })
await vite.listen()
vite.printUrls()

const server = connect(8080, 'localhost')
server.on('connect', () => server.destroy())
server.on('error', () =>
  console.warn('\n  No server at ws://localhost:8080 yet: mvn -Pserve, in the folder above, starts one.'),
)
