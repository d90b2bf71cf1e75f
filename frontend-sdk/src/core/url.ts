import { BroadcastError } from './errors.js'

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/

/**
 * The address to connect to, out of `ws://`, `wss://` or a path of the page's own host.
 *
 * @throws BroadcastError `invalid-url`, or `insecure-url` for what the browser would block on a page that came over https
 */
export function resolveUrl(
  url: string,
  page = (globalThis as { location?: { readonly href: string } }).location,
): string {
  let resolved: URL
  try {
    resolved = new URL(url, page?.href.replace(/^http/, 'ws'))
  } catch {
    throw new BroadcastError(
      'invalid-url',
      `"${url}" is no address: write ws://host:port, wss://host, or a path of this page's host`,
    )
  }
  const { protocol, hostname } = resolved
  if (protocol !== 'ws:' && protocol !== 'wss:') {
    const hint = /^https?:/.test(protocol) ? `: write ${protocol.replace('http', 'ws')}// instead of ${protocol}//` : ''
    throw new BroadcastError('invalid-url', `"${url}" is no WebSocket address${hint}`)
  }
  if (protocol === 'ws:' && page?.href.startsWith('https:') && !LOCAL.test(hostname)) {
    throw new BroadcastError('insecure-url', `a page that came over https may not connect to "${url}": use wss://`)
  }
  resolved.hash = ''
  return resolved.href
}
