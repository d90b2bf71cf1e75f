/** For tests of what uses the client: a server in memory with faults on demand, and a clock that stands still. */
export type { ClientCommand } from './command.js'
export type { TestConnection } from './connection.js'
export { FakeClock } from './fake-clock.js'
export type { Tamper } from './faults.js'
export type { Publication } from './log.js'
export type { TestServerOptions } from './options.js'
export { TestServer } from './server.js'
