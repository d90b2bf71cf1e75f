import { Profiler, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { BroadcastSocketProvider, useSubscription } from '../../src/react/index.js'

/** What a publication of the soak has as data. */
export interface Drip {
  readonly n: number
  readonly text: string
}

/** What the page has done so far. */
export interface Soaked {
  readonly counted: number
  readonly gaps: number
  readonly commits: number
  readonly frames: number
}

let commits = 0
let frames = 0
let counted = 0
let gaps = 0

const frame = (): void => {
  frames++
  requestAnimationFrame(frame)
}
requestAnimationFrame(frame)

const onGap = (): void => {
  gaps++
}

function List(): ReactNode {
  const { messages, state } = useSubscription('soak', { limit: 100, batch: 'frame' })
  document.title = state.status
  return (
    <ul>
      {messages.map(({ data, offset }) => (
        <li key={offset}>
          {(data as Drip).n} {(data as Drip).text}
        </li>
      ))}
    </ul>
  )
}

function Count(): ReactNode {
  const { value } = useSubscription('soak', { reduce: (sum: number) => sum + 1, initial: 0, batch: 'frame', onGap })
  counted = value
  return <output>{value}</output>
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <BroadcastSocketProvider url={new URLSearchParams(location.search).get('url') ?? ''}>
      <Profiler id="list" onRender={() => commits++}>
        <List />
      </Profiler>
      <Count />
    </BroadcastSocketProvider>,
  )
}

Object.defineProperty(window, 'soaked', { get: (): Soaked => ({ counted, gaps, commits, frames }) })
