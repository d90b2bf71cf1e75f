// @vitest-environment node
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What the compiler says of a file that is not there, and would change the types of all others if it were. */
function errorsOf(text: string): string[] {
  const name = here('./application.ts')
  const configFile = here('../../tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (path) => ts.sys.readFile(path)).config,
    { ...ts.sys, readDirectory: () => [name] },
    here('../..'),
  )
  const host = ts.createCompilerHost(options)
  const program = ts.createProgram([name], options, {
    ...host,
    fileExists: (path) => path === name || host.fileExists(path),
    readFile: (path) => (path === name ? text : host.readFile(path)),
    getSourceFile: (path, ...rest) =>
      path === name ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest) : host.getSourceFile(path, ...rest),
  })
  const file = program.getSourceFile(name)
  return ts.getPreEmitDiagnostics(program, file).map(({ messageText, start = 0 }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? -1
    return `${text.split('\n')[line]?.trim()}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

it('the hooks of the package know the channels of Register', { timeout: 60_000 }, () => {
  const errors = errorsOf(`
    import { useBroadcast, useSubscription } from '../../src/react/index.js'

    declare module '../../src/react/index.js' {
      interface Register {
        channels: { news: { title: string }; [room: \`chat/\${string}\`]: { text: string } }
      }
    }

    export const useNews = () => useSubscription('news').lastMessage?.data.title.length
    export const useRoom = (room: string) => useSubscription(\`chat/\${room}\`).lastMessage?.data.text.length
    export const useWeather = () => useSubscription('weather')
    export const useSend = () => useBroadcast()('news', { text: 'no title' })
  `)
  expect(errors).toEqual([
    expect.stringContaining(`'weather'): Argument of type '"weather"' is not assignable`),
    expect.stringContaining(`{ text: 'no title' }): Object literal may only specify known properties`),
  ])
})
