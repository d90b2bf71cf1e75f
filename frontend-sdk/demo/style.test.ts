import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('style.css', import.meta.url), 'utf8')

/** The colours of a theme, by name. */
function colours(block: string): ReadonlyMap<string, string> {
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block)
const themes = { light: colours(light), dark: colours(dark) }

/** As WCAG 2 defines it, 1 to 21. */
function contrast(one: string, other: string): number {
  const [brighter = 0, darker = 0] = [one, other].map(luminance).sort((a, b) => b - a)
  return (brighter + 0.05) / (darker + 0.05)
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const colour = (name: string) => themes[theme].get(name) ?? ''

  it.each(
    ['text', 'muted', 'good', 'bad', 'accent'].flatMap((front) =>
      ['page', 'card', 'inset'].map((back) => [front, back] as const),
    ),
  )('has %s that can be read on %s', (front, back) => {
    expect(contrast(colour(front), colour(back))).toBeGreaterThanOrEqual(4.5)
  })

  it('has main buttons that can be read', () => {
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['good', 'warn', 'bad', 'line-0', 'line-1', 'line-2', 'line-3'])('has %s that can be seen', (name) => {
    expect(contrast(colour(name), colour('inset'))).toBeGreaterThanOrEqual(3)
  })
})
