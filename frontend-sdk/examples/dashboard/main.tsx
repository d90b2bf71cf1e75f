import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { createBroadcastHooks } from 'broadcast-socket-sdk/react'

interface Channels {
  prices: { symbol: string; price: number }
}
interface Quote {
  readonly price: number
  readonly count: number
  readonly recent: readonly number[]
}
type Quotes = Readonly<Record<string, Quote>>

const { BroadcastSocketProvider, useBroadcast, useStats, useSubscription } = createBroadcastHooks<Channels>()

const NO_QUOTES: Quotes = {}
const SYMBOLS = ['ANT', 'BEE', 'CAT', 'DOG']

function add(quotes: Quotes, { symbol, price }: Channels['prices']): Quotes {
  const before = quotes[symbol] ?? { price, count: 0, recent: [] }
  return { ...quotes, [symbol]: { price, count: before.count + 1, recent: [...before.recent.slice(-59), price] } }
}

function Chart({ values }: { values: readonly number[] }) {
  const least = Math.min(...values)
  const range = Math.max(...values) - least || 1
  const points = values.map((value, index) => `${index * 4},${40 - (40 * (value - least)) / range}`).join(' ')
  return (
    <svg width={240} height={40} role="img" aria-label="Last prices">
      <polyline points={points} fill="none" stroke="currentColor" />
    </svg>
  )
}

function Dashboard() {
  const { value, gap } = useSubscription('prices', {
    initial: NO_QUOTES,
    reduce: (quotes, { data }) => add(quotes, data),
    last: 240,
    batch: 'frame',
  })
  const { received, duplicates, gaps } = useStats()
  return (
    <>
      <table>
        <tbody>
          {Object.entries(value).map(([symbol, { price, count, recent }]) => (
            <tr key={symbol}>
              <th>{symbol}</th>
              <td>{price.toFixed(2)}</td>
              <td>{count}</td>
              <td>
                <Chart values={recent} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {received} received, {duplicates} duplicates dropped, {gaps} gaps {gap && `(the last one: ${gap.reason})`}
      </p>
    </>
  )
}

/** In place of a backend, each page makes a price every two seconds. */
function Market() {
  const broadcast = useBroadcast()
  useEffect(() => {
    const timer = setInterval(() => {
      const symbol = SYMBOLS[Math.floor(Math.random() * SYMBOLS.length)] ?? 'ANT'
      broadcast('prices', { symbol, price: 90 + 20 * Math.random() }, { ttlMs: 2000 }).catch(() => undefined)
    }, 2000)
    return () => clearInterval(timer)
  }, [broadcast])
  return null
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BroadcastSocketProvider url="ws://localhost:8080">
        <h1>Dashboard</h1>
        <Market />
        <Dashboard />
      </BroadcastSocketProvider>
    </StrictMode>,
  )
}
