/** Calls back when the page may have slept: it is visible again, online again, or back from the cache. Returns the end of it. */
export function onWake(callback: () => void): () => void {
  const page = globalThis.document as Document | undefined
  const visible = (): void => {
    if (page?.visibilityState !== 'hidden') {
      callback()
    }
  }
  const sources: [EventTarget | undefined, string][] = [
    [globalThis.window, 'online'],
    [globalThis.window, 'pageshow'],
    [page, 'visibilitychange'],
    [page, 'resume'],
  ]
  for (const [target, type] of sources) {
    target?.addEventListener(type, visible)
  }
  return () => {
    for (const [target, type] of sources) {
      target?.removeEventListener(type, visible)
    }
  }
}
