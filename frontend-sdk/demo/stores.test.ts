import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

it('the page also lives where browsers have no crypto.randomUUID, as on a phone by the address of a machine', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  vi.stubGlobal('sessionStorage', {})
  vi.stubGlobal('WebSocket', vi.fn())
  const { me } = await import('./stores.js')
  expect(me).toMatch(/^[0-9a-f]{32}$/)
  expect(sessionStorage.me).toBe(me)
})
