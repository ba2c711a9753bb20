import { cpSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { temporaryFolder } from '../../helpers/platform.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { type Fate, type ModelCall, modelTenant } from '../../helpers/model-tenant.ts'
import { isLevel, type SyncDevice, syncDevice } from '../../helpers/sync-device.ts'

const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0).toReversed()) end()
})

function folder(): string {
  const made = temporaryFolder()
  endings.push(made.remove)
  return made.path
}

async function deviceOn(api: Parameters<typeof syncDevice>[0], options: Parameters<typeof syncDevice>[1]) {
  const device: SyncDevice = await syncDevice(api, options)
  endings.push(device.close)
  return device
}

it('S-28: two that were restored from one backup send what was under way under one key, and come to the same', async () => {
  const clock = fakeClock()
  const server = modelTenant({ now: clock.now })
  const fates: ((call: ModelCall) => Fate | undefined)[] = []
  const api = server.api(call => fates.reduce<Fate>((fate, one) => one(call) ?? fate, 'answered'))
  const first = folder()
  const one = await syncDevice(api, { clock, folder: first })
  one.add('a.example', { tags: ['x'] })
  one.add('b.example', { tags: ['x'] })
  await one.sync()
  one.add('c.example', { tags: ['c'] })
  one.change('a.example', { tags: ['ours'] })
  one.remove('b.example')
  fates.push(({ name }) => (name === 'putDomain' || name === 'deleteDomain' ? 'lost-before' : undefined))
  await one.sync()
  expect(one.outbox().some(({ state }) => state === 'sending')).toBe(true)
  one.close()
  fates.splice(0)
  const second = folder()
  cpSync(first, second, { recursive: true })
  const twins = [
    await deviceOn(api, { clock, folder: first, connected: false }),
    await deviceOn(api, { clock, folder: second, connected: false }),
  ] as const
  twins[1].add('d.example', { tags: ['two'] })
  twins[0].add('d.example', { tags: ['one'] })
  for (let round = 0; round < 4; round += 1) {
    for (const twin of twins) {
      clock.advance(60_000)
      await twin.sync()
    }
  }
  const names = ['a.example', 'c.example', 'd.example']
  for (const twin of twins) {
    expect(isLevel(twin)).toBe(true)
    expect([...twin.list().keys()]).toEqual(names)
  }
  expect([...server.domains.values()].map(({ name }) => name).toSorted()).toEqual(names)
  expect([...server.made.values()]).toEqual([1, 1, 1, 1])
  for (const twin of twins) {
    expect(twin.list().get('a.example')?.tags).toEqual(['ours'])
    expect(twin.list().get('d.example')?.tags.toSorted()).toEqual(['one', 'two'])
  }
})

it.each([
  ['xn--bcher-kva.example', 'bücher.example'],
  ['mail.example', 'MAIL.Example'],
  ['mail.example', 'mail.example.'],
])('S-13: %s here and %s there are one domain', async (here, there) => {
  const server = modelTenant()
  const api = server.api()
  const signal = new AbortController().signal
  await api.putDomain(
    { name: there, fields: { tags: ['t'], dailyLimit: 50 }, ifMatch: null, idempotencyKey: 'k' },
    signal,
  )
  const device = await deviceOn(api, {})
  device.add(here, { tags: ['h'] })
  await device.sync()
  expect([...device.list().keys()]).toEqual([here])
  expect(device.list().get(here)?.tags.toSorted()).toEqual(['h', 't'])
})

it('S-13: of two that the server has under one name the first one counts, and nothing goes to and fro', async () => {
  const server = modelTenant({ knowsCursor: false })
  const api = server.api()
  const signal = new AbortController().signal
  for (const name of ['mail.example', 'MAIL.example'])
    await api.putDomain(
      { name, fields: { tags: [name], dailyLimit: 50 }, ifMatch: null, idempotencyKey: name },
      signal,
    )
  const device = await deviceOn(api, {})
  for (let round = 0; round < 3; round += 1) {
    await device.sync()
    device.clock.advance(60_000)
    server.verify('mail.example', round % 2 === 0 ? 'failed' : 'verified')
  }
  expect(device.list().get('mail.example')?.tags).toEqual(['mail.example'])
  device.change('mail.example', { tags: ['ours'] })
  for (let round = 0; round < 3; round += 1) {
    await device.sync()
    device.clock.advance(60_000)
  }
  expect(device.list().get('mail.example')?.tags).toEqual(['ours'])
  expect(server.byName('mail.example')?.fields.tags).toEqual(['ours'])
  expect(device.conflicts()).toEqual([])
})
