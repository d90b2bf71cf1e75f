/** Calls back when the page may have slept: it is visible again, online again, or back from the cache. Returns the end of it. */
export function onWake(callback: () => void): () => void {
  const ended = new AbortController()
  const awake = (): void => {
    if ((globalThis.document as Document | undefined)?.visibilityState !== 'hidden') {
      callback()
    }
  }
  const page = globalThis.window as Window | undefined
  for (const type of ['online', 'pageshow', 'visibilitychange', 'resume']) {
    // Those of the document pass by here, too
    page?.addEventListener(type, awake, { capture: true, signal: ended.signal })
  }
  return () => {
    ended.abort()
  }
}
