import { BroadcastError } from './errors.js'

const LOCAL = /^127\.|^\[::1\]$|^(.*\.)?localhost$/

/**
 * The address to connect to, out of `ws://`, `wss://` or a path of the page's own host.
 *
 * @throws BroadcastError `invalid-url`, or `insecure-url` for what the browser would block on a page that came over https
 */
export function resolveUrl(
  url: string,
  page = (globalThis as { location?: { readonly href: string } }).location?.href,
): string {
  let resolved: URL | undefined
  try {
    resolved = new URL(url, page?.replace(/^http/, 'ws'))
  } catch {
    // Told below
  }
  if (!/^wss?:$/.test(resolved?.protocol ?? '') || resolved === undefined) {
    throw new BroadcastError(
      'invalid-url',
      `"${url}" is no WebSocket address: write ws://host:port, wss://host or a path`,
    )
  }
  if (resolved.protocol === 'ws:' && page?.startsWith('https:') && !LOCAL.test(resolved.hostname)) {
    throw new BroadcastError('insecure-url', `"${url}" is not allowed on a page of https: use wss://`)
  }
  resolved.hash = ''
  return resolved.href
}
