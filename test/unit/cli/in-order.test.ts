import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inOrder } from '../../../src-main/cli/in-order.ts'

test('what finishes in any order is told in the order asked', async () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 })
  await fc.assert(
    fc.asyncProperty(order, async indexes => {
      const told: number[] = []
      const ordered = inOrder<number>(async value => {
        await Promise.resolve()
        told.push(value)
      })
      await Promise.all(indexes.map(index => ordered.add(index, index)))
      expect(told).toEqual([0, 1, 2, 3, 4, 5, 6])
    }),
  )
})

test('what is next is told at once, and after an interrupt the rest without the gaps', async () => {
  const told: string[] = []
  const ordered = inOrder<string>(async value => {
    told.push(value)
  })
  await ordered.add(0, 'first')
  expect(told).toEqual(['first'])
  await ordered.add(4, 'fifth')
  await ordered.add(2, 'third')
  expect(told).toEqual(['first'])
  await ordered.rest()
  expect(told).toEqual(['first', 'third', 'fifth'])
})
