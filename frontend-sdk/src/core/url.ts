import { BroadcastError } from './errors.js'

/** What the browser lets a page connect to that came over https without TLS: this device. */
const LOCAL = /^(127\.|\[::1\]|(.*\.)?localhost$)/

/**
 * The address to connect to, out of `ws://`, `wss://` or a path of the page's own host.
 *
 * @throws BroadcastError `invalid-url`, or `insecure-url` for what the browser would block on a page that came over https
 */
export function resolveUrl(
  url: string,
  page = (globalThis as { location?: { readonly href: string } }).location?.href,
): string {
  let href = ''
  let hostname = ''
  try {
    const resolved = new URL(url, page?.replace(/^http/, 'ws'))
    resolved.hash = ''
    ;({ href, hostname } = resolved)
  } catch {
    // Told below
  }
  if (!/^wss?:/.test(href)) {
    throw new BroadcastError(
      'invalid-url',
      `"${url}" is no WebSocket address: write ws://host:port, wss://host or a path`,
    )
  }
  if (page?.startsWith('https:') && href.startsWith('ws:') && !LOCAL.test(hostname)) {
    throw new BroadcastError('insecure-url', `"${url}" is not allowed on a page of https: use wss://`)
  }
  return href
}
