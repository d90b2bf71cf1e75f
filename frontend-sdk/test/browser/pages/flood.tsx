import { Profiler, StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { BroadcastSocketProvider, useSubscription } from 'broadcast-socket-sdk/react'
import type { Message } from 'broadcast-socket-sdk'

/** What a publication of the flood has as data. */
export interface Drop {
  readonly n: number
  readonly text: string
}

/** All that came, counted. */
export interface Counted {
  readonly count: number
  /** Those that were not the next one. */
  readonly astray: number
}

export interface FloodPage {
  state: string
  counted: Counted
  /** Whether each list that was rendered had the newest messages, one after the other. */
  isListWhole: boolean
  gaps: number
  /** Since {@link begin}. */
  commits: { count: number; list: number }
  frames: number
  since: number
  begin(): void
}

declare global {
  interface Window {
    readonly flood: FloodPage
  }
}

const flood: FloodPage = {
  state: 'pending',
  counted: { count: 0, astray: 0 },
  isListWhole: true,
  gaps: 0,
  commits: { count: 0, list: 0 },
  frames: 0,
  since: 0,
  begin() {
    flood.commits = { count: 0, list: 0 }
    flood.since = performance.now()
    flood.frames = 0
  },
}
Object.assign(window, { flood })

const frame = (): void => {
  flood.frames++
  requestAnimationFrame(frame)
}
requestAnimationFrame(frame)

const query = new URLSearchParams(location.search)
const channel = query.get('channel') ?? ''

function add({ count, astray }: Counted, { data }: Message): Counted {
  return { count: count + 1, astray: astray + ((data as Drop).n === count ? 0 : 1) }
}

function Count(): ReactNode {
  const { value, gap, state } = useSubscription(channel, {
    reduce: add,
    initial: { count: 0, astray: 0 },
    batch: 'frame',
  })
  flood.counted = value
  flood.state = state.status
  if (gap !== null) flood.gaps++
  return <output>{value.count}</output>
}

function List(): ReactNode {
  const { messages } = useSubscription(channel, { limit: 100, batch: 'frame' })
  flood.isListWhole &&= messages.every(({ offset }, i) => offset === (messages[0]?.offset ?? 0) + i)
  return (
    <ul>
      {messages.map(({ data, offset }) => (
        <li key={offset}>{(data as Drop).n}</li>
      ))}
    </ul>
  )
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider url={query.get('url') ?? ''}>
        <Profiler id="count" onRender={() => flood.commits.count++}>
          <Count />
        </Profiler>
        <Profiler id="list" onRender={() => flood.commits.list++}>
          <List />
        </Profiler>
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
