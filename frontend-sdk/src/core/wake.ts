/** Calls back when the page may have slept: it is visible again, online again, or back from the cache. Returns the end of it. */
export function onWake(callback: () => void): () => void {
  const page = globalThis.document as Document | undefined
  const awake = (): void => {
    if (page?.visibilityState !== 'hidden') {
      callback()
    }
  }
  const ended = new AbortController()
  for (const [target, type] of [
    [globalThis.window, 'online'],
    [globalThis.window, 'pageshow'],
    [page, 'visibilitychange'],
    [page, 'resume'],
  ] as const) {
    target?.addEventListener(type, awake, { signal: ended.signal })
  }
  return () => {
    ended.abort()
  }
}
