import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '#engine/storage/open.ts'
import { type Child, startChild } from '../helpers/child.ts'
import { temporaryFolder } from '../helpers/platform.ts'

let folder: ReturnType<typeof temporaryFolder>
const children: Child[] = []

beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill()
  folder.remove()
})

function hold(): Child {
  const child = startChild('hold-lock.ts', folder.path)
  children.push(child)
  return child
}

test('a second process is told who holds the folder, and gets it once that one is killed', async () => {
  const first = hold()
  expect(JSON.parse((await first.line()) ?? '')).toEqual({ held: first.pid })

  const here = await openStore(folder.path, Date.now)
  expect(here).toEqual({
    ok: false,
    failure: { code: 'data-folder-locked', retry: 'later', detail: { folder: folder.path, pid: first.pid } },
  })
  const second = hold()
  expect(JSON.parse((await second.line()) ?? '')).toMatchObject({
    code: 'data-folder-locked',
    detail: { pid: first.pid },
  })

  await first.kill()
  const third = await openStore(folder.path, Date.now)
  expect(third.ok).toBe(true)
  if (third.ok) third.value.close()
})

test('of two that start together one gets the folder', async () => {
  const lines = await Promise.all([hold().line(), hold().line()])
  const answers = lines.map(line => JSON.parse(line ?? '{}'))
  expect(answers.filter(answer => 'held' in answer)).toHaveLength(1)
  expect(answers.filter(answer => answer.code === 'data-folder-locked')).toHaveLength(1)
})
