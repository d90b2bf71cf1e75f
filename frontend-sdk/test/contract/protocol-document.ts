import { readFileSync } from 'node:fs'

/** An example of PROTOCOL.md: one message. */
export interface Example {
  /** Its section, and its number in there from 1. */
  readonly name: string
  readonly text: string
  readonly message: Readonly<Record<string, unknown>>
  readonly sender: 'client' | 'server'
}

const DOCUMENT = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8')
const COMMANDS = ['subscribe', 'unsubscribe', 'broadcast', 'resume', 'history', 'presence', 'pong']

/** Every example, in the order of the document. */
export const EXAMPLES: readonly Example[] = DOCUMENT.split(/^#+ /m).flatMap((section) => {
  const heading = section.slice(0, section.indexOf('\n'))
  return [...section.matchAll(/```json\n(.*?)\n```/gs)].map(([, text = ''], index) => {
    const message = JSON.parse(text) as Example['message']
    const sender = COMMANDS.includes(String(message.type)) ? 'client' : 'server'
    return { name: `${heading} ${index + 1}`, text, message, sender }
  })
})

/** The rows of the tables of a section, without their heads: cells without white space and backquotes around. */
export function rows(heading: string): readonly (readonly string[])[] {
  const section = DOCUMENT.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\|(.*)\|$/gm)]
    .map(([, cells = '']) => cells.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .slice(2)
}
