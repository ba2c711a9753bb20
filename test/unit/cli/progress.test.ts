import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createProgress } from '../../../src-main/cli/progress.ts'

function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 }) as unknown as NodeJS.WriteStream
  return { stream, written: () => String((stream as unknown as PassThrough).read() ?? '') }
}

test('says how far the run is in one line that fits, and takes it away', () => {
  const { stream, written } = terminal(true)
  const progress = createProgress(stream, 3)
  progress.finished()
  progress.event('a-rather-long-name-of-a-domain.example', { kind: 'started', domain: '', checks: [] })
  const line = written().split('\u001b[2K').at(-1) ?? ''
  expect(line).toMatch(/^1 of 3 done/)
  expect(line.length).toBeLessThan(40)
  progress.clear()
  expect(written()).toBe('\r\u001b[2K')
  progress.clear()
  expect(written()).toBe('')
})

test('where there is no terminal there is no line', () => {
  const { stream, written } = terminal(false)
  const progress = createProgress(stream, 3)
  progress.event('example.com', { kind: 'started', domain: 'example.com', checks: [] })
  progress.clear()
  expect(written()).toBe('')
})
