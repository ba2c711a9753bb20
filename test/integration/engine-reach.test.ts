import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outside } from '#engine/net/outside.ts'
import { fullZone } from '../helpers/full-world.ts'
import { readAudit, snapshot, type TestEngine, testEngine, until, valueOf } from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { testDns } from '../helpers/zone-resolver.ts'

/** Reaches nothing, and notes who would have been contacted. */
function notingOutside(contacted: Set<string>): Outside {
  return {
    nameserverAt: () => {
      contacted.add('direct')
      return null
    },
    https: async url => {
      contacted.add('https')
      return { state: 'unavailable', url, address: null, reason: 'not-asked' }
    },
    smtp: async host => {
      contacted.add('smtp')
      return { state: 'unavailable', host, address: null, reason: 'not-asked' }
    },
  }
}

const contacted = new Set<string>()
let folder: ReturnType<typeof temporaryFolder>
let engine: TestEngine

async function boot(): Promise<void> {
  engine = await testEngine({
    dataDir: folder.path,
    dns: testDns(fullZone),
    outside: notingOutside(contacted),
  })
}
beforeEach(async () => {
  folder = temporaryFolder()
  contacted.clear()
  await boot()
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

async function reachOf(reach: object | undefined) {
  contacted.clear()
  const asked = { input: 'example.com', ...(reach === undefined ? {} : { reach }) }
  const { result } = await readAudit(await engine.client.domains.auditName(asked))
  const { direct, https, smtp } = valueOf(result).reach
  return { direct, https, smtp }
}

test('an audit goes as far as the settings say, or as far as whoever asks for it says', async () => {
  expect(await reachOf(undefined)).toEqual({ direct: true, https: true, smtp: true })
  expect([...contacted].toSorted()).toEqual(['direct', 'https', 'smtp'])

  const set = valueOf(await engine.client.settings.set({ reach: { smtp: false, https: false } }))
  expect(set.reach).toEqual({ direct: true, https: false, smtp: false })
  expect(await reachOf(undefined)).toEqual({ direct: true, https: false, smtp: false })
  expect([...contacted]).toEqual(['direct'])
  expect(await reachOf({ direct: false, https: true })).toEqual({ direct: false, https: true, smtp: false })
  expect([...contacted]).toEqual(['https'])
})

test('the choice is kept, stands in the feed and holds for work in the background', async () => {
  valueOf(await engine.client.settings.set({ reach: { direct: false, https: false, smtp: false } }))
  await engine.stop()
  await boot()
  expect([...(await snapshot(engine.client)).rows.values()]).toContainEqual({
    table: 'settings',
    key: 'settings',
    row: {
      theme: 'system',
      resolvers: [],
      reach: { direct: false, https: false, smtp: false },
      compareMail: true,
      warmup: { startsByItself: true, tidyAfterDays: 7 },
    },
  })
  const { id } = valueOf(await engine.client.domains.add({ input: 'example.com' }))
  engine.start()
  valueOf(await engine.client.domains.check({ ids: [id] }))
  await until(async () => valueOf(await engine.client.domains.report({ id })) !== null)
  expect(valueOf(await engine.client.domains.report({ id }))?.reach).toMatchObject({
    direct: false,
    https: false,
    smtp: false,
  })
  expect([...contacted]).toEqual([])
})
