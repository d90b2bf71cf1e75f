import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { snapshotOf } from '../../src/index.js'
import type { Snapshot, Subscription } from '../../src/index.js'
import { World } from './harness.js'

describe('a snapshot', () => {
  it('is loaded at the beginning and once for each gap; what comes meanwhile is delivered after it', async () => {
    const world = new World({ historySize: 1 })
    const client = world.client()
    const events: string[] = []
    let finish: () => void = () => undefined
    const snapshot = (): Promise<void> => {
      events.push('load')
      return new Promise((resolve) => {
        finish = () => {
          events.push('loaded')
          resolve()
        }
      })
    }
    const options = {
      snapshot: snapshotOf(snapshot),
      onMessage: ({ data }: { data: unknown }) => events.push(String(data)),
    }
    client.subscribe('news', options)
    client.subscribe('news', options)
    await world.settle()
    world.server.push('news', 1)
    await world.settle()
    expect(events).toEqual(['load'])
    finish()
    await world.settle()
    expect(events).toEqual(['load', 'loaded', '1', '1'])
    world.server.drop()
    world.server.push('news', 2)
    world.server.push('news', 3)
    await world.clock.advance(1_000)
    expect(events.slice(4)).toEqual(['load'])
    finish()
    await world.settle()
    expect(events.slice(4)).toEqual(['load', 'loaded', '3', '3'])
  })

  it('is loaded again for who begins when nobody has kept up to date what was loaded before', async () => {
    const world = new World()
    const client = world.client()
    let loads = 0
    const load = (): Promise<void> => {
      loads++
      return Promise.resolve()
    }
    const options = { snapshot: snapshotOf(load) }
    const first = client.subscribe('news', options)
    const second = client.subscribe('news', options)
    await world.settle()
    first.unsubscribe()
    const third = client.subscribe('news', options)
    await world.settle()
    expect(loads).toBe(1)
    world.server.drop()
    await world.settle()
    client.subscribe('news', options)
    second.unsubscribe()
    third.unsubscribe()
    await world.clock.advance(1_000)
    expect(loads).toBe(2)
  })

  it('keeps no subscriber that is gone while its channel stays, with a loader of its own or a shared one', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const world = new World()
    const client = world.client()
    const shared = snapshotOf(() => Promise.resolve())
    client.subscribe('news', { snapshot: shared })
    const mount = async (snapshot: Snapshot): Promise<WeakRef<Subscription>> => {
      const subscription = client.subscribe('news', { snapshot })
      await world.settle()
      subscription.unsubscribe()
      return new WeakRef(subscription)
    }
    const gone = [await mount(snapshotOf(() => Promise.resolve())), await mount(shared)]
    await world.settle()
    collect()
    expect(gone.map((reference) => reference.deref()?.state)).toEqual([undefined, undefined])
  })
})
