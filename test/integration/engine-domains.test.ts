import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { cleanZone } from '../helpers/audit-zone.ts'
import {
  failureOf,
  readAudit,
  snapshot,
  type TestEngine,
  testEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { testDns } from '../helpers/zone-resolver.ts'

const day = 24 * 60 * 60_000

let engine: TestEngine
beforeEach(async () => {
  engine = await testEngine({ dns: testDns(cleanZone) })
})
afterEach(() => engine.stop())

const domains = () => engine.client.domains
async function add(input: string, tags: string[] = []) {
  return valueOf(await domains().add({ input, tags }))
}
async function listed(id: string) {
  return (await snapshot(engine.client)).domains().find(domain => domain.id === id)
}
async function names() {
  return (await snapshot(engine.client))
    .domains()
    .map(domain => domain.name)
    .toSorted()
}

describe('adding', () => {
  test('puts a Pending domain on the list and plans its poll', async () => {
    const domain = await add(' Example.com. ', ['client', 'client', 'vip'])
    expect(domain).toEqual({
      id: domain.id,
      name: 'example.com',
      displayName: expect.stringMatching(/^Example\.com\.?$/),
      status: 'pending',
      score: null,
      marks: { spf: null, dkim: null, dmarc: null, mx: null },
      critical: 0,
      high: 0,
      listings: null,
      listedOn: [],
      mailboxes: 0,
      dailyLimit: 50,
      dnsProvider: null,
      mailProvider: null,
      tags: ['client', 'vip'],
      addedAt: engine.clock.now(),
      checkedAt: null,
      checking: false,
      nextCheckAt: expect.any(Number),
      warmupDefaults: null,
      warmupPerDay: null,
      reportsAt: null,
    })
    expect(await listed(domain.id)).toEqual(domain)
    const wait = (domain.nextCheckAt ?? 0) - engine.clock.now()
    expect(wait).toBeGreaterThan(30_000)
    expect(wait).toBeLessThan(120_000)
  })

  test('tells what is wrong with a name, and that it is there already', async () => {
    await add('example.com')
    expect(failureOf(await domains().add({ input: 'https://example.org/' })).code).toBe('domain-has-scheme')
    expect(failureOf(await domains().add({ input: 'EXAMPLE.com' }))).toMatchObject({
      code: 'domain-already-added',
      detail: { name: 'example.com' },
    })
    expect(valueOf(await domains().inspect({ input: 'example.com' }))).toMatchObject({
      alreadyAdded: true,
      suggestion: 'mail.example.com',
    })
    expect(valueOf(await domains().inspect({ input: 'example.org' })).alreadyAdded).toBe(false)
    expect(await names()).toEqual(['example.com'])
  })

  test('of a list keeps the good lines and tells the bad ones', async () => {
    await add('there.example.com')
    const text =
      'one.example.com\nhttps://bad.example.com\n\nthere.example.com\ntwo.example.com\none.example.com\n'
    const { added, refused } = valueOf(await domains().import({ text, tags: ['bulk'] }))
    expect(added.map(domain => domain.name)).toEqual(['one.example.com', 'two.example.com'])
    expect(refused.map(({ line, input, failure }) => [line, input, failure.code])).toEqual([
      [2, 'https://bad.example.com', 'domain-has-scheme'],
      [4, 'there.example.com', 'domain-already-added'],
      [6, 'one.example.com', 'domain-already-added'],
    ])
    expect(await names()).toEqual(['one.example.com', 'there.example.com', 'two.example.com'])
    expect(await listed(added[0]?.id ?? '')).toMatchObject({ tags: ['bulk'], status: 'pending' })
    const lines = Array.from({ length: limits.importLines + 1 }, (_, index) => `d${index}.example.com`)
    expect(failureOf(await domains().import({ text: lines.join('\n') })).code).toBe('import-too-large')
    expect(await names()).toHaveLength(3)
  })
})

describe('removing', () => {
  test('takes domains off, and restoring brings them back whole', async () => {
    const [one, two] = [await add('one.example.com', ['kept']), await add('two.example.com')]
    await readAudit(await domains().audit({ id: one.id }))
    const before = await listed(one.id)
    expect(valueOf(await domains().remove({ ids: [one.id, 'unknown', one.id] }))).toEqual({
      removed: [one.id],
    })
    expect(await names()).toEqual(['two.example.com'])
    expect(failureOf(await domains().report({ id: one.id })).code).toBe('domain-not-found')
    expect(valueOf(await domains().restore({ ids: [one.id, two.id] }))).toEqual({ restored: [one.id] })
    expect(await listed(one.id)).toEqual(before)
    expect(valueOf(await domains().report({ id: one.id }))).not.toBeNull()
  })

  test('and adding the name again brings it back with its reports and a new time to be verified in', async () => {
    const first = await add('one.example.com', ['old'])
    await readAudit(await domains().audit({ id: first.id }))
    await domains().remove({ ids: [first.id] })
    engine.clock.advance(2 * day)
    const again = await add('One.example.com', ['new'])
    expect(again).toMatchObject({ id: first.id, tags: ['old', 'new'], addedAt: engine.clock.now() })
    expect(again.displayName).toBe('One.example.com')
    expect(valueOf(await domains().history({ id: first.id }))).toHaveLength(1)
  })

  test('is for good after seven days', async () => {
    const { id } = await add('one.example.com')
    await domains().remove({ ids: [id] })
    engine.start()
    engine.clock.advance(6 * day)
    expect(valueOf(await domains().restore({ ids: [id] })).restored).toEqual([id])
    await domains().remove({ ids: [id] })
    engine.clock.advance(7 * day + 60 * 60_000)
    expect(valueOf(await domains().restore({ ids: [id] })).restored).toEqual([])
    expect((await add('one.example.com')).id).not.toBe(id)
  })
})

test('tags are added and removed, and only a change is a change', async () => {
  const [one, two] = [await add('one.example.com', ['a']), await add('two.example.com')]
  valueOf(await domains().tag({ ids: [one.id, two.id], add: ['b'], remove: ['a'] }))
  expect((await listed(one.id))?.tags).toEqual(['b'])
  expect((await listed(two.id))?.tags).toEqual(['b'])
  const { position } = await snapshot(engine.client)
  valueOf(await domains().tag({ ids: [one.id, 'unknown'], add: ['b'], remove: ['zzz'] }))
  expect((await snapshot(engine.client)).position).toEqual(position)
})

describe('an audit', () => {
  test('streams, and is stored before it is returned', async () => {
    const { id } = await add('example.com')
    const startedAt = engine.clock.now()
    const { events, result } = await readAudit(await domains().audit({ id }))
    expect(events[0]).toMatchObject({ kind: 'started', domain: 'example.com' })
    const report = valueOf(result)
    const checked = events.flatMap(event => (event.kind === 'checked' ? [event.check] : []))
    expect(checked.toSorted()).toEqual(Object.keys(report.checks).toSorted())
    expect(valueOf(await domains().report({ id }))).toEqual(report)
    expect(valueOf(await domains().history({ id }))).toEqual([{ at: startedAt, score: 100 }])
    expect(await listed(id)).toMatchObject({
      status: 'verified',
      score: 100,
      marks: { spf: { state: 'found', verdict: 'pass' }, mx: { state: 'found' } },
      mailProvider: 'google',
      checkedAt: expect.any(Number),
      nextCheckAt: null,
      checking: false,
    })
    expect(engine.dns.questions.every(question => question.purpose === 'audit' && question.fresh)).toBe(true)
    const plan = valueOf(await domains().plan({ id, mailProvider: null }))
    expect(plan).toMatchObject({ domain: 'example.com', incomplete: false })
    expect(plan.records.length).toBeGreaterThan(0)
  })

  test('of a domain that is not there fails, and before the first one there is no report', async () => {
    const { events, result } = await readAudit(await domains().audit({ id: 'unknown' }))
    expect(events).toEqual([])
    expect(failureOf(result).code).toBe('domain-not-found')
    const { id } = await add('example.com')
    expect(valueOf(await domains().report({ id }))).toBeNull()
    expect(valueOf(await domains().history({ id }))).toEqual([])
    expect(failureOf(await domains().plan({ id: 'unknown' })).code).toBe('domain-not-found')
    expect(failureOf(await domains().history({ id: 'unknown' })).code).toBe('domain-not-found')
  })

  test('that is cancelled stops its questions and stores nothing', async () => {
    const { id } = await add('example.com')
    const before = await listed(id)
    engine.dns.hold()
    const leave = new AbortController()
    const reading = readAudit(await domains().audit({ id }, { signal: leave.signal }))
    await until(() => engine.dns.held() > 0)
    leave.abort()
    const { result } = await reading
    expect(failureOf(result).code).toBe('cancelled')
    await until(() => engine.dns.held() === 0)
    engine.dns.letGo()
    expect(valueOf(await domains().report({ id }))).toBeNull()
    expect(await listed(id)).toEqual(before)
  })

  test('whose reader leaves midway stops its questions too', async () => {
    const { id } = await add('example.com')
    engine.dns.hold()
    for await (const event of await domains().audit({ id })) {
      if (event.kind === 'started') break
    }
    await until(() => engine.dns.held() === 0)
    expect(valueOf(await domains().report({ id }))).toBeNull()
  })

  test('that began earlier does not overwrite one that began later', async () => {
    const { id } = await add('example.com')
    engine.dns.hold()
    const earlier = readAudit(await domains().audit({ id }))
    await until(() => engine.dns.held() > 0)
    engine.clock.advance(1_000)
    const laterAt = engine.clock.now()
    const later = readAudit(await domains().audit({ id }))
    await until(() => engine.dns.questions.filter(question => question.type === 'NS').length > 1)
    engine.dns.letGo()
    await later
    const row = await listed(id)
    await earlier
    expect(await listed(id)).toEqual(row)
    expect(valueOf(await domains().history({ id })).at(-1)?.at).toBe(laterAt)
    expect(valueOf(await domains().report({ id }))?.startedAt).toBe(laterAt)
  })

  test('of a domain that is removed meanwhile is shown but not kept', async () => {
    const { id } = await add('example.com')
    engine.dns.hold()
    const reading = readAudit(await domains().audit({ id }))
    await until(() => engine.dns.held() > 0)
    await domains().remove({ ids: [id] })
    engine.dns.letGo()
    expect((await reading).result.ok).toBe(true)
    await domains().restore({ ids: [id] })
    expect(valueOf(await domains().report({ id }))).toBeNull()
  })

  test('that could not look up everything says so, and the status stays', async () => {
    const { id } = await add('example.com')
    await readAudit(await domains().audit({ id }))
    engine.dns.fail('servfail')
    engine.clock.advance(60_000)
    const { result } = await readAudit(await domains().audit({ id }))
    expect(valueOf(result).score.state).toBe('unknown')
    expect(await listed(id)).toMatchObject({
      status: 'verified',
      score: null,
      marks: { spf: { state: 'unavailable', verdict: 'unavailable' } },
    })
  })

  test('keeps so many reports and no more', async () => {
    const { id } = await add('example.com')
    const times: number[] = []
    for (let run = 0; run < limits.reportsPerDomain + 3; run += 1) {
      engine.clock.advance(60_000)
      times.push(engine.clock.now())
      await readAudit(await domains().audit({ id }))
    }
    const kept = valueOf(await domains().history({ id })).map(entry => entry.at)
    expect(kept).toEqual(times.slice(-limits.reportsPerDomain))
  })

  test('of a name alone stores nothing', async () => {
    const { result } = await readAudit(await domains().auditName({ input: 'example.com' }))
    expect(valueOf(result).score).toMatchObject({ value: 100 })
    expect(await names()).toEqual([])
    const bad = await readAudit(await domains().auditName({ input: 'exa mple.com' }))
    expect(failureOf(bad.result).code).toBe('domain-has-space')
  })
})
