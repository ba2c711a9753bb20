import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import type { ChangeBatch } from '#shared/model/change.ts'
import type { SyncState } from '#shared/model/sync.ts'
import { canary, sweepText } from '../helpers/canary.ts'
import { type FakeClock, fakeClock } from '../helpers/clock.ts'
import {
  failureOf,
  readToEnd,
  snapshot,
  type TestEngine,
  testEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { memoryKeychain, temporaryFolder } from '../helpers/platform.ts'
import { createTenantServer, type TenantServer } from '../lab/tenant-api/server.ts'

const minuteMs = 60_000
const weekMs = 7 * 24 * 60 * minuteMs

let folder: ReturnType<typeof temporaryFolder>
let clock: FakeClock
let keychain: ReturnType<typeof memoryKeychain>
let engine: TestEngine
const servers: TenantServer[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  clock = fakeClock()
  keychain = memoryKeychain()
  engine = await testEngine({ dataDir: folder.path, clock, keychain })
})
afterEach(async () => {
  await engine.stop()
  for (const server of servers.splice(0)) await server.stop()
  folder.remove()
})

async function serve(wishes: Parameters<typeof createTenantServer>[0] = {}): Promise<TenantServer> {
  const server = await createTenantServer({ now: clock.now, ...wishes })
  servers.push(server)
  return server
}

const addressOf = ({ url, tenantId, token }: TenantServer) => ({ baseUrl: url, tenantId, token })
const state = async (): Promise<SyncState> => valueOf(await engine.client.sync.state())
const syncNow = () => readToEnd(engine.client.sync.now())

const settled = () => until(async () => (await state()).state === 'up-to-date')

/** The changes of a moment go out together, so the clock has to move. */
const soon = async () => {
  clock.advance(2_000)
  await until(async () => ['up-to-date', 'offline', 'paused'].includes((await state()).state))
}

async function reboot(): Promise<void> {
  await engine.stop()
  engine = await testEngine({ dataDir: folder.path, clock, keychain })
}

async function addDomains(names: readonly string[], tags: string[] = []): Promise<string[]> {
  const added = valueOf(await engine.client.domains.import({ text: names.join('\n'), tags }))
  return added.added.map(({ id }) => id)
}

describe('connecting', () => {
  test('asks once, keeps the token in the vault alone, and brings both sides together', async () => {
    const server = await serve()
    await addDomains(['here.example'], ['mine'])
    const connected = await engine.client.sync.connect({
      ...addressOf(server),
      baseUrl: `${server.url}/api/v1/`,
    })
    expect(valueOf(connected)).toMatchObject({ state: 'waiting', baseUrl: server.url, tenantId: 'tenant-1' })
    const { events, result } = await syncNow()
    expect(valueOf(result)).toMatchObject({ state: 'up-to-date', waiting: 0, syncedAt: clock.now() })
    expect(events.map(({ kind }) => kind)).toContain('fetching')
    expect(server.requests.map(({ operation }) => operation)).toEqual([
      'listDomains',
      'listDomains',
      'putDomain',
    ])
    const { rows } = await snapshot(engine.client)
    expect(rows.get('sync sync')?.row).toMatchObject({ state: 'up-to-date' })
    expect(JSON.stringify([...rows.values(), engine.platform.lines])).not.toContain(server.token)
  })

  test('with a token that is not accepted stores nothing', async () => {
    const server = await serve()
    const refused = await engine.client.sync.connect({ ...addressOf(server), token: 'canary-wrong' })
    expect(failureOf(refused).code).toBe('tenant-unauthorised')
    expect(await state()).toMatchObject({ state: 'not-connected', baseUrl: null })
    expect(failureOf(await engine.client.sync.test({ ...addressOf(server), token: 'x' })).code).toBe(
      'tenant-unauthorised',
    )
    expect(valueOf(await engine.client.sync.test(addressOf(server)))).toEqual({ domains: 0 })
    expect(failureOf(await engine.client.sync.test(null)).code).toBe('tenant-not-connected')
  })

  test('S-32: disconnecting keeps domains, mailboxes and conflicts, and forgets the rest', async () => {
    const server = await serve()
    await addDomains(['a.example', 'b.example'])
    await engine.client.sync.connect(addressOf(server))
    await syncNow()
    await addDomains(['c.example'])
    expect(valueOf(await engine.client.sync.outbox())).toMatchObject([
      { kind: 'add', domainName: 'c.example' },
    ])
    valueOf(await engine.client.sync.disconnect())
    expect(await state()).toMatchObject({ state: 'not-connected', waiting: 0 })
    expect(valueOf(await engine.client.sync.outbox())).toEqual([])
    expect((await snapshot(engine.client)).domains()).toHaveLength(3)
    const asked = server.requests.length
    expect(failureOf((await syncNow()).result).code).toBe('tenant-not-connected')
    expect(server.requests).toHaveLength(asked)
  })

  test('S-35: another connection, or none, ends what is under way at once', async () => {
    const [first, second] = [await serve(), await serve({ tenants: { 'tenant-2': canary('second') } })]
    await addDomains(['a.example'])
    valueOf(await engine.client.sync.connect(addressOf(first)))
    await syncNow()
    first.faults.add({ kind: 'silence', at: 'before', times: 9 })
    await addDomains(['b.example'])
    const hanging = syncNow()
    const asked = first.requests.length
    await until(() => first.requests.length > asked)
    valueOf(await engine.client.sync.connect(addressOf(second)))
    await hanging
    await syncNow()
    expect(await state()).toMatchObject({
      state: 'up-to-date',
      baseUrl: second.url,
      waiting: 0,
      failure: null,
    })
    expect([...second.state('tenant-2').applied]).toHaveLength(2)
    expect(JSON.stringify(first.requests)).not.toContain(canary('second'))
    const before = first.requests.length
    second.faults.add({ kind: 'silence', at: 'before', times: 9 })
    await addDomains(['c.example'])
    const left = syncNow()
    await until(() => second.requests.some(({ status }) => status === null))
    valueOf(await engine.client.sync.disconnect())
    await left
    expect(await state()).toMatchObject({ state: 'not-connected', waiting: 0, failure: null })
    expect(first.requests).toHaveLength(before)
  })

  test('while nothing is connected, nothing is written for it', async () => {
    await addDomains(['a.example'])
    const { rows } = await snapshot(engine.client)
    expect([...rows.keys()].filter(key => /^(?:outbox|conflicts|serverDomains) /.test(key))).toEqual([])
    expect(await state()).toMatchObject({ state: 'not-connected', waiting: 0, nextAt: null })
  })
})

describe('what people do', () => {
  let server: TenantServer
  beforeEach(async () => {
    server = await serve()
    await engine.client.sync.connect(addressOf(server))
    engine.start()
    await settled()
  })
  const there = () => server.state().domains()
  const accounts = () => there()[0]?.accounts ?? []

  test('goes out by itself a moment later: added, tagged, limited, deleted, restored', async () => {
    const [id = ''] = await addDomains(['a.example'], ['x'])
    expect(await state()).toMatchObject({ state: 'waiting', waiting: 1 })
    await soon()
    expect(there()).toMatchObject([{ name: 'a.example' }])
    await engine.client.domains.tag({ ids: [id], add: ['y'], remove: ['x'] })
    await engine.client.domains.setDailyLimit({ ids: [id], dailyLimit: 80 })
    await soon()
    expect(JSON.stringify(there())).toMatch(/"y".*80|80.*"y"/)
    await engine.client.domains.remove({ ids: [id] })
    await soon()
    expect(there()).toEqual([])
    await engine.client.domains.restore({ ids: [id] })
    await soon()
    expect(there()).toMatchObject([{ name: 'a.example' }])
  })

  test('a deletion that is refused brings the row back; tried again, it goes', async () => {
    const [id = ''] = await addDomains(['a.example'])
    await soon()
    server.faults.add({
      kind: 'status',
      status: 422,
      code: 'in_use',
      message: 'still in use',
      on: 'deleteDomain',
    })
    await engine.client.domains.remove({ ids: [id] })
    expect((await snapshot(engine.client)).domains()).toEqual([])
    await soon()
    expect((await snapshot(engine.client)).domains()).toMatchObject([{ id, name: 'a.example' }])
    const [item] = valueOf(await engine.client.sync.outbox())
    expect(item).toMatchObject({
      kind: 'delete',
      state: 'refused',
      domainId: id,
      failure: { code: 'tenant-refused' },
    })
    expect(await state()).toMatchObject({ refused: 1 })
    valueOf(await engine.client.sync.retry({ ids: [item?.id ?? ''] }))
    await soon()
    expect(there()).toEqual([])
    expect(await state()).toMatchObject({ refused: 0, waiting: 0 })
  })

  test('a refused change is given up: it goes back to what the server has', async () => {
    const [id = ''] = await addDomains(['a.example'], ['x'])
    await soon()
    server.faults.add({ kind: 'status', status: 422, on: 'putDomain' })
    await engine.client.domains.tag({ ids: [id], add: ['y'] })
    await soon()
    const [item] = valueOf(await engine.client.sync.outbox())
    expect(item).toMatchObject({ kind: 'change', state: 'refused' })
    valueOf(await engine.client.sync.discard({ ids: [item?.id ?? ''] }))
    expect((await snapshot(engine.client)).domains()[0]?.tags).toEqual(['x'])
    expect(valueOf(await engine.client.sync.outbox())).toEqual([])
  })

  test('a conflict is listed, undone and settled', async () => {
    const [id = ''] = await addDomains(['a.example'], ['x'])
    await soon()
    const second = await testEngine({ clock, keychain: memoryKeychain() })
    valueOf(await second.client.sync.connect(addressOf(server)))
    await readToEnd(second.client.sync.now())
    const [other] = (await snapshot(second.client)).domains()
    await second.client.domains.tag({ ids: [other?.id ?? ''], add: ['theirs'], remove: ['x'] })
    await readToEnd(second.client.sync.now())
    await second.stop()
    await engine.client.domains.tag({ ids: [id], add: ['ours'], remove: ['x'] })
    await soon()
    const [conflict] = valueOf(await engine.client.sync.conflicts())
    expect(conflict).toMatchObject({
      code: 'both-changed',
      domainId: id,
      kept: { tags: ['ours'] },
      other: { tags: ['theirs'] },
      state: 'open',
    })
    expect(await state()).toMatchObject({ conflicts: 1 })
    const conflictId = conflict?.id ?? ''
    expect(valueOf(await engine.client.sync.acceptConflicts({ ids: [conflictId, '999'] })).changed).toEqual([
      conflictId,
    ])
    expect(valueOf(await engine.client.sync.undoConflict({ id: conflictId })).changed).toEqual([conflictId])
    expect((await snapshot(engine.client)).domains()[0]?.tags).toEqual(['theirs'])
    await soon()
    expect(JSON.stringify(there())).toContain('theirs')
    expect(await state()).toMatchObject({ conflicts: 0, state: 'up-to-date' })
  })

  test('a token that expired stops it; another one goes on', async () => {
    const token = server.renewToken()
    await addDomains(['a.example'])
    clock.advance(2_000)
    await until(async () => (await state()).state === 'needs-sign-in')
    expect(await state()).toMatchObject({
      waiting: 1,
      nextAt: null,
      failure: { code: 'tenant-unauthorised' },
    })
    const asked = server.requests.length
    clock.advance(60 * minuteMs)
    expect(server.requests).toHaveLength(asked)
    valueOf(await engine.client.sync.connect({ ...addressOf(server), token }))
    await settled()
    expect(there()).toMatchObject([{ name: 'a.example' }])
  })

  test('a mailbox gives its password only where that was chosen, and keeps it out of everything else', async () => {
    const password = canary('shared')
    const text = `address,password,smtp host,smtp port,smtp security\nanna@a.example,${password},smtp.a.example,465,tls\nben@a.example,${canary('kept')},smtp.a.example,465,tls`
    const { list } = valueOf(await engine.client.mailboxes.readList({ text }))
    const added = await readToEnd(
      engine.client.mailboxes.addList({ list: list ?? '', timeZone: 'UTC', addDomains: true }),
    )
    const [anna] = valueOf(added.result).added
    await soon()
    expect(accounts().map(({ address }) => address)).toEqual(['anna@a.example', 'ben@a.example'])
    expect(sweepText(JSON.stringify(server.requests), 'requests')).toEqual([])
    const mailboxId = anna?.id ?? ''
    expect(valueOf(await engine.client.sync.chooseCredentials({ mailboxId, share: true }))).toEqual([
      mailboxId,
    ])
    expect(valueOf(await engine.client.sync.sharedCredentials())).toEqual([mailboxId])
    await soon()
    expect(JSON.stringify(accounts()[0]?.credentials)).toContain(password)
    expect(accounts()[1]?.credentials ?? null).toBeNull()
    expect(valueOf(await engine.client.sync.chooseCredentials({ mailboxId, share: false }))).toEqual([])
    await soon()
    expect(await state()).toMatchObject({ state: 'up-to-date', waiting: 0 })
    expect(
      failureOf(await engine.client.sync.chooseCredentials({ mailboxId: 'nobody', share: true })).code,
    ).toBe('mailbox-not-found')
    const { rows } = await snapshot(engine.client)
    expect(sweepText(JSON.stringify([...rows.values()]), 'the feed')).toEqual([])
  })

  test('a locked vault holds everything until it is open again', async () => {
    valueOf(await engine.client.vault.usePassphrase({ passphrase: 'a long enough passphrase' }))
    valueOf(await engine.client.vault.lock())
    await addDomains(['a.example'])
    clock.advance(10_000)
    expect(await state()).toMatchObject({ state: 'vault-locked', waiting: 1 })
    valueOf(await engine.client.vault.unlock({ passphrase: 'a long enough passphrase' }))
    await settled()
    expect(there()).toHaveLength(1)
  })

  test('the reputation comes by itself, is shown beside ours, and is asked for again at night', async () => {
    server.state().setReputation('a.example', { score: 71, bounce_rate: 0.02, listed_on: ['zen.example'] })
    const [id = ''] = await addDomains(['a.example'])
    await soon()
    const row = async () => (await snapshot(engine.client)).rows.get(`serverDomains ${id}`)?.row
    await until(async () => (await row()) !== undefined)
    expect(await row()).toMatchObject({ score: 71, listedOn: ['zen.example'] })
    const asked = () => server.requests.filter(({ operation }) => operation === 'readReputation').length
    const first = asked()
    clock.advance(60 * minuteMs)
    await settled()
    expect(asked()).toBe(first)
    for (let hours = 0; hours < 40; hours += 1) {
      clock.advance(60 * minuteMs)
      await settled()
    }
    await until(() => asked() > first)
    const before = asked()
    expect(valueOf(await engine.client.sync.refreshReputation({ domainIds: [id] }))).toEqual({ asked: 1 })
    await until(() => {
      clock.advance(1)
      return asked() > before
    })
    const last = server.requests.findLast(({ operation }) => operation === 'readReputation')
    await until(() => last?.status !== null)
    expect(last?.status).toBe(304)
  })
})

test('a week offline with 1,000 changes: drained in order, within the limit, with progress', async () => {
  const server = await serve()
  const known = Array.from({ length: 300 }, (_, index) => `known${String(index).padStart(3, '0')}.example`)
  const ids = await addDomains(known)
  valueOf(await engine.client.sync.connect(addressOf(server)))
  expect(valueOf((await syncNow()).result)).toMatchObject({ state: 'up-to-date' })
  server.rateLimit.set({ requests: 200, perMs: minuteMs })

  server.faults.add({ kind: 'cut', at: 'before', times: Number.MAX_SAFE_INTEGER })
  const fresh = Array.from({ length: 700 }, (_, index) => `fresh${String(index).padStart(3, '0')}.example`)
  await addDomains(fresh)
  await engine.client.domains.tag({ ids, add: ['changed'] })
  await syncNow()
  expect(await state()).toMatchObject({ state: 'offline', waiting: 1_000 })
  await reboot()
  clock.advance(weekMs)
  expect(await state()).toMatchObject({
    state: 'offline',
    waiting: 1_000,
    progress: { done: 0, total: 1_000 },
  })

  server.faults.clear()
  const begun = server.requests.length
  const progress: number[] = []
  let pauses = 0
  for (;;) {
    const { events, result } = await syncNow()
    for (const event of events) if (event.kind === 'sending') progress.push(event.done)
    const ended = valueOf(result)
    if (ended.state !== 'paused') break
    pauses += 1
    // The last pause may come with the list, when nothing waits any more.
    expect(ended.progress?.total ?? 1_000).toBe(1_000)
    clock.advance(Math.max(1, (ended.nextAt ?? clock.now()) - clock.now()))
  }
  expect(await state()).toMatchObject({ state: 'up-to-date', waiting: 0, progress: null })
  expect(server.state().domains()).toHaveLength(1_000)
  // 200 a minute: five windows, and no more than a hand full of requests that were told to wait.
  expect(pauses).toBeGreaterThanOrEqual(4)
  const requests = server.requests.slice(begun)
  expect(requests.filter(({ status }) => status === 429).length).toBeLessThan(40)
  expect(Math.max(...progress)).toBeGreaterThan(990)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))

  const names = requests
    .filter(({ operation, status }) => operation === 'putDomain' && status !== null && status < 300)
    .map(({ body }) => JSON.parse(body).name as string)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toHaveLength(1_000)
  const asked = [...fresh, ...known]
  // Four domains go side by side, so one may arrive a little before or after its turn.
  const far = names.filter((name, index) => Math.abs(asked.indexOf(name) - index) > 8)
  expect(far).toEqual([])
}, 180_000)

describe('starting', () => {
  const starts: [string, (server: TenantServer) => Promise<void> | void][] = [
    ['absent', server => server.stop()],
    ['slow', server => server.faults.add({ kind: 'silence', at: 'before', times: 1_000 })],
    ['down', server => server.faults.add({ kind: 'status', status: 503, times: 1_000 })],
  ]
  test.each(starts)('with the API %s waits for nothing', async (_, spoil) => {
    const server = await serve()
    await addDomains(['a.example', 'b.example'])
    valueOf(await engine.client.sync.connect(addressOf(server)))
    await syncNow()
    await engine.stop()
    await spoil(server)
    const startedAt = performance.now()
    engine = await testEngine({ dataDir: folder.path, clock, keychain })
    engine.start()
    clock.advance(10 * minuteMs)
    expect((await snapshot(engine.client)).domains()).toHaveLength(2)
    await addDomains(['c.example'])
    expect((await snapshot(engine.client)).domains()).toHaveLength(3)
    expect(performance.now() - startedAt).toBeLessThan(limits.tenantRequestMs)
    const stopAt = performance.now()
    await engine.stop()
    expect(performance.now() - stopAt).toBeLessThan(limits.tenantRequestMs)
  })
})

test('ten thousand changes do not hold up the feed', async () => {
  const server = await serve()
  valueOf(await engine.client.sync.connect(addressOf(server)))
  await syncNow()
  await addDomains(Array.from({ length: 2_000 }, (_, index) => `d${index}.example`))
  const feed = await engine.client.changes.watch({ feed: 'window', since: null, dataId: null })
  const first: ChangeBatch[] = []
  while (first.length < 2) {
    const step = await feed.next()
    if (step.done) break
    first.push(step.value)
  }
  await feed.return?.()
  // The domains come before anything of the synchronisation.
  expect(first[1]?.kind === 'rows' && first[1].rows.every(({ table }) => table === 'domains')).toBe(true)
  const { rows } = await snapshot(engine.client)
  expect([...rows.keys()].filter(key => key.startsWith('outbox '))).toHaveLength(2_000)
})
