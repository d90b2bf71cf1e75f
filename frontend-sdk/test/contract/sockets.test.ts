import { expectTypeOf, it } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import type { SocketConstructor } from '../../src/core/types.js'

it('the WebSocket of browsers and that of ws fit, without a cast', () => {
  expectTypeOf<typeof WebSocket>().toExtend<SocketConstructor>()
  expectTypeOf(NodeSocket).toExtend<SocketConstructor>()
})
