import type { CDPSession, Page } from 'playwright-core'

export interface Memory {
  readonly heapBytes: number
  /** Of the document object model. */
  readonly nodes: number
  readonly listeners: number
  /** Sockets that something still refers to, whatever their state. */
  readonly sockets: number
}

/** What a page holds after all that nobody refers to is gone. */
export async function memoryOf(page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page)
  try {
    const sockets = await living(session, 'WebSocket')
    // Once more, since finalizers of the first time free more
    await session.send('HeapProfiler.collectGarbage')
    await session.send('Performance.enable')
    const { metrics } = await session.send('Performance.getMetrics')
    const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN
    return {
      heapBytes: metric('JSHeapUsedSize'),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      sockets,
    }
  } finally {
    await session.detach()
  }
}

/** How many objects of a class there are. */
async function living(session: CDPSession, constructor: string): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { result: prototype } = await session.send('Runtime.evaluate', { expression: `${constructor}.prototype` })
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId ?? '' })
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length }',
    returnByValue: true,
  })
  return Number(result.value)
}
