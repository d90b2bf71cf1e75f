import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const readme = read('README.md')

function statement<Node extends ts.Statement>(file: string, name: string, is: (node: ts.Node) => node is Node): Node {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true)
  const found = source.statements
    .filter(is)
    .find((node) => 'name' in node && (node.name as ts.Identifier).text === name)
  if (!found) throw new Error(`${name} is not in ${file}`)
  return found
}

/** First cells of the table under a line of text. */
function table(text: string, before: string): string[] {
  const at = text.indexOf(before)
  if (at < 0) throw new Error(`no "${before}"`)
  const lines = text.slice(at).split('\n')
  const begin = lines.findIndex((line) => line.startsWith('|'))
  const rows = lines.slice(
    begin,
    lines.findIndex((line, index) => index > begin && !line.startsWith('|')),
  )
  return rows.slice(2).map((row) => /^\| `([^`]+)`/.exec(row)?.[1] ?? row)
}

/** Names of an interface's properties; `outbox.ttlMs` for those of a nested type. */
function options(name: string): string[] {
  const names = (members: ts.NodeArray<ts.TypeElement>): string[] =>
    members.filter(ts.isPropertySignature).flatMap((member) => {
      const own = member.name.getText()
      const nested = member.type && ts.isTypeLiteralNode(member.type) ? names(member.type.members) : []
      return nested.length > 0 ? nested.map((inner) => `${own}.${inner}`) : [own]
    })
  return names(statement('src/core/types.ts', name, ts.isInterfaceDeclaration).members)
}

function errorCodes(): string[] {
  const { type } = statement('src/core/errors.ts', 'ErrorCode', ts.isTypeAliasDeclaration)
  if (!ts.isUnionTypeNode(type)) throw new Error('ErrorCode is no union')
  return type.types.map((member) => member.getText().slice(1, -1))
}

describe('README.md', () => {
  it('has each error code, in the order of errors.ts', () => {
    expect(table(readme, '## Errors')).toEqual(errorCodes())
  })

  it('has each option of a client, in the order of types.ts', () => {
    expect(table(readme, 'Of a client')).toEqual(options('ClientOptions'))
  })

  it('has each option of a subscription, in the order of types.ts', () => {
    expect(table(readme, 'Of a subscription')).toEqual(options('SubscribeOptions'))
  })

  it('gets to the first message in fifteen lines', () => {
    const [, shell, tsx] = /```sh\n([^]*?)```\n\n```tsx\n\/\/ src\/App\.tsx\n([^]*?)```/.exec(readme) ?? []
    expect(`${shell ?? ''}${tsx ?? ''}`.match(/^.*\S.*$/gm)?.length).toBeLessThanOrEqual(15)
  })
})

describe('errors.ts', () => {
  it('begins with the codes of PROTOCOL.md, all but `gap`, which is no error here', () => {
    const codes = table(read('../PROTOCOL.md'), '## Error codes').filter((code) => code !== 'gap')
    expect(errorCodes().slice(0, codes.length)).toEqual(codes)
  })
})
