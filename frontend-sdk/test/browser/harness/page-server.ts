import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { find } from '../../contract/programs.js'
import type { BuiltFiles } from './page-build.js'

/** As strict as a page can be that connects to servers of this machine. */
export const STRICT_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', map: 'application/json' }

/** Serves `/<page>` as an empty document that loads `/<page>.js`. The query parameter `csp` is a policy in place of the strict one. */
export class PageServer {
  readonly #files: BuiltFiles
  readonly #servers: Server[] = []

  constructor(files: BuiltFiles) {
    this.#files = files
  }

  async listen(): Promise<string> {
    return `http://127.0.0.1:${await this.#start(createServer())}`
  }

  /** Over TLS, with a certificate that nobody trusts. */
  async listenSecurely(): Promise<string> {
    return `https://127.0.0.1:${await this.#start(createSecureServer(certificate()))}`
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)))
    for (const server of this.#servers) server.closeAllConnections()
    await Promise.all(closed)
  }

  #start(server: Server): Promise<number> {
    this.#servers.push(server)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response))
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    )
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page')
    const name = pathname.slice(1)
    const file = this.#files.get(name)
    const script = `${name}.js`
    if (file !== undefined) {
      response.setHeader('content-type', TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream').end(file)
    } else if (this.#files.has(script)) {
      const style = this.#files.has(`${name}.css`) ? `<link rel="stylesheet" href="/${name}.css">` : ''
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .setHeader('content-security-policy', searchParams.get('csp') ?? STRICT_CSP)
        .end(
          `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,">${style}` +
            `<body><div id="root"></div><script type="module" src="/${script}"></script></body></html>`,
        )
    } else {
      response.writeHead(404).end()
    }
  }
}

/** A new one each time, made by the JDK that runs the server. */
function certificate(): { pfx: Buffer; passphrase: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-certificate-'))
  const passphrase = 'changeit'
  const store = join(folder, 'store.p12')
  try {
    execFileSync(
      find('keytool') ?? 'keytool',
      ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-storetype', 'PKCS12', '-alias', 'page']
        .concat(['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1', '-validity', '2'])
        .concat(['-keystore', store, '-storepass', passphrase]),
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    return { pfx: readFileSync(store), passphrase }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
