import { BroadcastError } from './errors.js'

const LOCAL = /^(localhost|127\..*|\[::1\]|.*\.localhost)$/

/**
 * The address to connect to, out of `ws://`, `wss://` or a path of the page's own host.
 *
 * @throws BroadcastError `invalid-url`, or `insecure-url` for what the browser would block on a page that came over https
 */
export function resolveUrl(
  url: string,
  page = (globalThis as { location?: { readonly href: string } }).location,
): string {
  let resolved: URL | undefined
  try {
    resolved = new URL(url, page?.href.replace(/^http/, 'ws'))
  } catch {
    // Told below
  }
  if (resolved?.protocol !== 'ws:' && resolved?.protocol !== 'wss:') {
    const message = `"${url}" is no WebSocket address: write ws://host:port, wss://host, or a path of this page's host`
    throw new BroadcastError('invalid-url', message)
  }
  if (resolved.protocol === 'ws:' && page?.href.startsWith('https:') && !LOCAL.test(resolved.hostname)) {
    throw new BroadcastError('insecure-url', `a page that came over https may not connect to "${url}": use wss://`)
  }
  resolved.hash = ''
  return resolved.href
}
