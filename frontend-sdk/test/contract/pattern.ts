/** The patterns of the conformance suite; `src/test/resources/conformance/README.md` defines them. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [field: string]: Json
}
export type Bindings = Map<string, Json>

const VARIABLE = /\$[a-z][A-Za-z0-9]*/g
const WHOLE_VARIABLE = /^\$[a-z][A-Za-z0-9]*$/

/**
 * Compares a message with a pattern: undefined when it fits, otherwise what does not and where.
 *
 * @param bindings values of variables; those that are met first are added when all fits
 */
export function mismatch(pattern: JsonObject, text: string, bindings: Bindings): string | undefined {
  const prefix = pattern.$text
  if (typeof prefix === 'string') return text.startsWith(prefix) ? undefined : `the text does not begin with ${prefix}`
  const met = new Map(bindings)
  const found = compare('', pattern, JSON.parse(text) as Json, met)
  if (found === undefined) for (const [name, value] of met) bindings.set(name, value)
  return found
}

/** Puts the values of variables into what is sent. */
export function fill(template: Json, bindings: Bindings): Json {
  if (typeof template === 'string' && WHOLE_VARIABLE.test(template)) return bound(template, bindings)
  if (isList(template)) return template.map((item) => fill(item, bindings))
  if (!isObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, bindings)]))
}

/** Puts the values of variables into a text, such as a path. */
export function fillText(template: string, bindings: Bindings): string {
  return template.replace(VARIABLE, (name) => textOf(bound(name, bindings)))
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function bound(variable: string, bindings: Bindings): Json {
  const value = bindings.get(variable)
  if (value === undefined) throw new Error(`${variable} has no value yet`)
  return value
}

function compare(path: string, pattern: Json, value: Json, bindings: Bindings): string | undefined {
  if (typeof pattern === 'string' && WHOLE_VARIABLE.test(pattern)) {
    return fits(pattern, value, bindings)
      ? undefined
      : wrong(path, `${pattern} = ${JSON.stringify(bindings.get(pattern))}`, value)
  }
  if (isObject(pattern) && isObject(value)) return compareFields(path, pattern, value, bindings)
  if (isList(pattern) && isList(value)) {
    if (pattern.length !== value.length) return wrong(path, `${pattern.length} items`, value)
    return first(pattern.map((item, i) => () => compare(`${path}/${i}`, item, value[i] ?? null, bindings)))
  }
  return pattern === value ? undefined : wrong(path, JSON.stringify(pattern), value)
}

function fits(variable: string, value: Json, bindings: Bindings): boolean {
  switch (variable) {
    case '$any':
      return true
    case '$string':
      return typeof value === 'string' && value !== ''
    case '$number':
      return typeof value === 'number'
    default:
      if (!bindings.has(variable)) bindings.set(variable, value)
      return bindings.get(variable) === value
  }
}

function compareFields(path: string, pattern: JsonObject, value: JsonObject, bindings: Bindings): string | undefined {
  const further = Object.keys(value).find((name) => !(name in pattern) && !('...' in pattern))
  if (further !== undefined) return wrong(`${path}/${further}`, 'no such field', value[further] ?? null)
  const names = Object.keys(pattern).filter((name) => name !== '...')
  return first(
    names.map((name) => () => {
      const [wanted, got] = [pattern[name] ?? null, value[name]]
      return got === undefined ? `${path}/${name} is missing` : compare(`${path}/${name}`, wanted, got, bindings)
    }),
  )
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check()
    if (found !== undefined) return found
  }
  return undefined
}

function wrong(path: string, expected: string, value: Json): string {
  return `${path} should be ${expected} but is ${JSON.stringify(value)}`
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
