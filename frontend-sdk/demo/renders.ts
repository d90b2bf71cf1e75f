import { useEffect } from 'react'

let count = 0

/** Counts how often the component that calls it was rendered onto the page. */
export function useCountedRender(): void {
  useEffect(() => {
    count++
  })
}

/** Renders of all components that count theirs. */
export function renders(): number {
  return count
}
