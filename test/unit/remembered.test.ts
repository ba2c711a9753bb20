import { expect, it } from 'vitest'
import { remembered } from '#shared/remembered.ts'

const counted = (most: number) => {
  const read: string[] = []
  return {
    read,
    of: remembered(text => {
      read.push(text)
      return text === 'none' ? null : { text }
    }, most),
  }
}

it('reads a text once and hands out the same result, nothing being a result too', () => {
  const { read, of } = counted(10)
  expect(of('a')).toBe(of('a'))
  expect([of('none'), of('none')]).toEqual([null, null])
  expect(read).toEqual(['a', 'none'])
})

it('keeps no more than it may, and no long text', () => {
  const { read, of } = counted(2)
  for (const text of ['a', 'b', 'c', 'a']) expect(of(text)).toEqual({ text })
  expect(read).toEqual(['a', 'b', 'c', 'a'])
  const long = 'x'.repeat(5_000)
  of(long)
  of(long)
  expect(read.filter(text => text === long)).toHaveLength(2)
})
