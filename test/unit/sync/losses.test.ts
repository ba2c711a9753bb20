import { afterEach, describe, expect, it } from 'vitest'
import type { TenantApi } from '#engine/sync/api.ts'
import { readAgainLater, reputationsToAsk } from '#engine/sync/agreed.ts'
import { unpark } from '#engine/sync/items.ts'
import { isLoss } from '#engine/sync/pull.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { type Fate, type ModelCall, modelTenant } from '../../helpers/model-tenant.ts'
import { type SyncDevice, syncDevice } from '../../helpers/sync-device.ts'

const open: SyncDevice[] = []
afterEach(() => {
  for (const device of open.splice(0)) device.close()
})

const names = ['a.example', 'b.example', 'c.example', 'd.example']
const dayMs = 24 * 60 * 60_000

/** A device that is level with a server about four domains, and what a test makes of each request. */
async function level({ knowsCursor = false, mailboxes = false } = {}) {
  const clock = fakeClock()
  const server = modelTenant({ knowsCursor, now: clock.now })
  const fates: ((call: ModelCall) => Fate | Promise<Fate> | undefined)[] = []
  const answered = server.api(call =>
    fates.reduce<Fate | Promise<Fate>>((fate, one) => one(call) ?? fate, 'answered'),
  )
  const api: TenantApi = { ...answered }
  const device = await syncDevice(api, { clock })
  open.push(device)
  for (const name of names) device.add(name)
  const ids = mailboxes ? names.map(name => device.addMailbox(`m@${name}`)) : []
  await device.sync()
  expect(server.domains.size).toBe(names.length)
  expect(device.state().state).toBe('up-to-date')
  return { clock, server, fates, api, device, ids }
}

const kept = (device: SyncDevice) => [...device.list().keys()]

describe('S-45: a server that lost what it had', () => {
  it.each([
    [3, 4, true],
    [4, 4, true],
    [2, 2, false],
    [2, 3, false],
    [3, 6, false],
    [60, 100, true],
  ] as const)('S-45: %i missing of %i is a loss: %s', (missing, known, is) =>
    expect(isLoss(missing, known)).toBe(is),
  )

  it.each([true, false])(
    'S-45: nothing is removed here; a person decides (cursor: %s)',
    async knowsCursor => {
      const { server, device, clock } = await level({ knowsCursor, mailboxes: true })
      server.domains.clear()
      clock.advance(dayMs)
      await device.sync()
      expect(kept(device)).toEqual(names)
      expect(device.conflicts()).toEqual([])
      expect(device.outbox()).toMatchObject(names.map(() => ({ kind: 'add', state: 'refused' })))
      const [failure] = device.outbox().map(item => item.failure)
      expect(failure).toMatchObject({ detail: { missing: 4, known: 4, host: 'tenant.example' } })
      expect(describeFailure(failure as never).title).toBe('tenant.example has lost 4 of 4 domains at once.')
      expect(device.state()).toMatchObject({ state: 'up-to-date', waiting: 0, refused: 4 })
      // Nothing goes out by itself, in no later round either.
      clock.advance(dayMs)
      await device.restart()
      await device.sync()
      expect(server.domains.size).toBe(0)
      // Deleted here too: nothing is sent. Tried again: it is added anew, with its mailbox.
      device.remove('a.example')
      const again = device.outbox().find(({ domainName }) => domainName === 'b.example')
      device.store.write(writes => unpark(writes, Number(again?.id)))
      await device.sync()
      expect([...server.domains.values()].map(({ name }) => name)).toEqual(['b.example'])
      expect([...(server.byName('b.example')?.accounts.keys() ?? [])]).toEqual(['m@b.example'])
      expect(device.outbox().map(({ domainName }) => domainName)).toEqual(['c.example', 'd.example'])
    },
  )

  it('S-45: a change that waits tells of it no sooner than the list', async () => {
    const { server, device } = await level({ knowsCursor: true, mailboxes: true })
    server.domains.clear()
    for (const name of names) device.change(name, { tags: ['mine'] })
    await device.sync()
    expect(kept(device)).toEqual(names)
    expect(device.list().get('a.example')?.tags).toEqual(['mine'])
    expect(device.outbox().map(({ state }) => state)).toEqual(names.map(() => 'refused'))
  })

  it('S-45: so does a mailbox that is told', async () => {
    const { server, device, ids } = await level({ mailboxes: true })
    server.domains.clear()
    for (const id of ids) device.pauseMailbox(id)
    await device.sync()
    expect(kept(device)).toEqual(names)
  })

  it('S-08: one that was deleted there still goes', async () => {
    const { server, device } = await level()
    server.domains.delete(server.byName('b.example')?.id ?? '')
    await device.sync()
    expect(kept(device)).toEqual(['a.example', 'c.example', 'd.example'])
    expect(device.outbox()).toEqual([])
  })

  it('S-45: hundreds are not asked for one by one', async () => {
    const { server, device, clock } = await level()
    for (let index = 0; index < 200; index += 1) device.add(`n${index}.example`)
    await device.sync()
    server.domains.clear()
    const calls = server.calls.length
    clock.advance(dayMs)
    await device.sync()
    expect(kept(device)).toHaveLength(204)
    expect(device.state()).toMatchObject({ refused: 204, waiting: 0 })
    expect(server.calls.length - calls).toBeLessThan(60)
  })
})

describe('answers that are not the server’s own', () => {
  it('S-29: three in a row end the round instead of a thousand', async () => {
    const { server, device, fates } = await level()
    for (let index = 0; index < 50; index += 1) device.add(`n${index}.example`)
    let asked = 0
    fates.push(({ name }) => {
      if (name !== 'putDomain') return undefined
      asked += 1
      return { code: 'tenant-answer-broken', done: false }
    })
    await device.sync()
    expect(asked).toBeLessThan(8)
    expect(device.state()).toMatchObject({ state: 'refused', waiting: 50 })
    expect(server.domains.size).toBe(4)
  })

  it('a domain that is given for another is not taken for it', async () => {
    const { server, device, api } = await level()
    const put = api.putDomain
    Object.assign(api, {
      putDomain: async (...asked: Parameters<TenantApi['putDomain']>) => {
        const answer = await put(...asked)
        return answer.ok ? { ...answer, value: { ...answer.value, id: 's1', name: 'a.example' } } : answer
      },
    })
    device.add('new.example')
    await device.sync()
    expect(device.outbox()).toMatchObject([{ domainName: 'new.example', state: 'sending' }])
    Object.assign(api, { putDomain: put })
    device.clock.advance(60_000)
    await device.sync()
    expect(device.outbox()).toEqual([])
    device.remove('new.example')
    await device.sync()
    expect([...server.domains.values()].map(({ name }) => name)).toEqual(names)
  })
})

describe('another connection', () => {
  it('S-35: what the one before still answers is not taken in', async () => {
    const { server, device, api } = await level()
    const serverId = server.byName('a.example')?.id ?? ''
    device.store.write(writes => readAgainLater(writes, 'a.example', serverId))
    const read = api.readDomain
    let switched = 0
    Object.assign(api, {
      readDomain: async (...asked: Parameters<TenantApi['readDomain']>) => {
        const answer = await read(...asked)
        device.clock.advance(1)
        device.connect('tenant-2')
        switched += 1
        return answer
      },
    })
    await device.sync()
    expect(switched).toBe(1)
    expect(device.store.all('SELECT name FROM sync_domains')).toEqual([])
  })

  it('S-35: a round that is called off leaves the way to one of the new connection', async () => {
    const { device, fates } = await level()
    const answers: ((fate: Fate) => void)[] = []
    fates.push(({ name }) =>
      name === 'listDomains'
        ? new Promise<Fate>(resolve => {
            answers.push(resolve)
          })
        : undefined,
    )
    const first = device.sync()
    await new Promise(setImmediate)
    device.feature().rounds.stop()
    fates.splice(0)
    device.connect('tenant-2')
    const second = device.sync()
    for (const answer of answers) answer({ code: 'tenant-unauthorised', done: false })
    await Promise.all([first, second])
    expect(device.state()).toMatchObject({ state: 'up-to-date', failure: null })
    expect(device.store.all('SELECT name FROM sync_domains')).toHaveLength(4)
  })

  it('S-31, S-32, S-53: another server gets no password that was chosen for the one before', async () => {
    const { server, device, ids } = await level({ mailboxes: true })
    for (const id of ids) device.shareCredential(id)
    await device.sync()
    expect(JSON.stringify(server.calls)).toContain('canary-pass-77aa')
    server.domains.clear()
    const calls = server.calls.length
    device.connect('tenant-2')
    await device.sync()
    expect(server.byName('a.example')?.accounts.size).toBe(1)
    expect(JSON.stringify(server.calls.slice(calls))).not.toContain('canary-pass-77aa')
  })
})

it('S-53: a choice that was taken back holds for what was perhaps sent, too', async () => {
  const { server, device, fates, ids } = await level({ mailboxes: true })
  const [id = ''] = ids
  device.shareCredential(id)
  fates.push(({ name }) => (name === 'putAccount' ? 'lost-before' : undefined))
  await device.sync()
  expect(device.outbox()).toMatchObject([{ kind: 'register', state: 'sending' }])
  fates.splice(0)
  device.store.write(writes => {
    writes.run('DELETE FROM sync_shared_credentials')
    writes.changed('mailboxes', id, 'put')
  })
  await device.sync()
  expect(device.outbox()).toEqual([])
  expect(JSON.stringify(server.calls)).not.toContain('canary-pass-77aa')
})

describe('S-54: mailboxes of a domain that is not there', () => {
  it.each(['refused', 'given-up'] as const)(
    'S-54: they do not wait while it is %s, and are told later',
    async state => {
      const { server, device } = await level()
      server.refusedNames.add('new.example')
      device.add('new.example')
      device.addMailbox('m@new.example')
      await device.sync()
      if (state === 'given-up')
        device.store.write(writes => writes.run("UPDATE sync_outbox SET state = 'given-up'"))
      await device.sync()
      expect(device.state()).toMatchObject({ state: 'up-to-date', waiting: 0 })
      device.addMailbox('n@new.example')
      expect(device.state()).toMatchObject({ waiting: 0 })
      server.refusedNames.clear()
      device.change('new.example', { tags: ['x'] })
      await device.sync()
      expect([...(server.byName('new.example')?.accounts.keys() ?? [])].toSorted()).toEqual([
        'm@new.example',
        'n@new.example',
      ])
      expect(device.outbox()).toEqual([])
    },
  )
})

it('S-17: a clock that was years ahead leaves nothing unasked once it is right', async () => {
  const { server, device, clock } = await level({ knowsCursor: true })
  const years = 4 * 365 * dayMs
  device.turnClock(clock.now() + years)
  await device.sync()
  device.store.write(writes => writes.run('UPDATE sync_domains SET reputation_at = ?', device.clock.now()))
  device.turnClock(clock.now())
  const lists = () =>
    server.calls.filter(({ name, input }) => name === 'listDomains' && input['cursor'] === null)
  const before = lists().length
  await device.sync()
  expect(lists()).toHaveLength(before + 1)
  const now = device.clock.now()
  expect(reputationsToAsk(device.store, { before: now - dayMs, now }, 9)).toHaveLength(4)
})

it('S-27: a server in trouble that asks for a pause gets one, over a restart too', async () => {
  const { device, fates, clock } = await level()
  fates.push(() => ({
    code: 'tenant-server-error',
    done: false,
    detail: { status: 503, retryAfterMs: 600_000 },
  }))
  device.add('new.example')
  await device.sync()
  expect(device.state()).toMatchObject({ state: 'paused', nextAt: clock.now() + 600_000, waiting: 1 })
  fates.splice(0)
  await device.restart()
  const job = device.feature().jobs['sync.round']
  await job?.run({ key: 'sync', attempt: 0, signal: new AbortController().signal })
  expect(device.state().waiting).toBe(1)
  clock.advance(600_000)
  await job?.run({ key: 'sync', attempt: 0, signal: new AbortController().signal })
  expect(device.state().waiting).toBe(0)
})
