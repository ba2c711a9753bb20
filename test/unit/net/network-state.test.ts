import { expect, it } from 'vitest'
import { createNetworkState } from '#engine/net/network-state.ts'

it('the network is offline when three tries failed and every server was among them, until one answers', () => {
  const network = createNetworkState()
  const state = () => network.state(['one', 'two'])
  expect(state()).toBe('unknown')
  for (let count = 0; count < 5; count++) network.failed('one')
  expect(state()).toBe('unknown')
  network.failed('two')
  expect(state()).toBe('offline')
  expect(network.state([])).toBe('unknown')
  network.answered()
  expect(state()).toBe('online')
  network.failed('one')
  network.failed('two')
  for (let count = 0; count < 5; count++) network.failed('beside')
  expect(state()).toBe('online')
  network.failed('one')
  expect(state()).toBe('offline')
})
