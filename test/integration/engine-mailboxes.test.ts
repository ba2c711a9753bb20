import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mailboxKeptAfterRemovalMs } from '#engine/mailboxes/put-and-remove.ts'
import { limits } from '#engine/net/limits.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { canary, sweepFolder, sweepText } from '../helpers/canary.ts'
import {
  failureOf,
  readToEnd,
  snapshot,
  testEngine,
  type TestEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { memoryKeychain, temporaryFolder } from '../helpers/platform.ts'
import { standInMail, type StandInMail } from '../helpers/stand-in-mail.ts'

let folder: ReturnType<typeof temporaryFolder>
let mail: StandInMail
let engine: TestEngine
const keychain = memoryKeychain()
const hourMs = 60 * 60_000

beforeEach(async () => {
  folder = temporaryFolder()
  mail = standInMail()
  engine = await testEngine({ dataDir: folder.path, mail: mail.makeMail, keychain })
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

const server = (host: string, port: number) => ({ host, port, security: 'tls' as const })
const connectionOf = (address: string) => ({
  smtp: { server: server('smtp.example.com', 465), user: address },
  imap: { server: server('imap.example.com', 993), user: address },
  allowPlain: false,
  pinnedCertificate: null,
  provider: null,
})
const preferences = {
  senderName: 'Mia',
  signature: 'Mia\nSales',
  timeZone: 'Europe/Berlin',
  dailyLimit: null,
}

const testDraft = (address: string, options: { testEmail?: boolean; password?: string } = {}) =>
  readToEnd(
    engine.client.mailboxes.test({
      kind: 'draft',
      address,
      ...connectionOf(address),
      login: { kind: 'password', password: options.password ?? canary(), imapPassword: null },
      testEmail: options.testEmail ?? true,
    }),
  )

async function add(address: string, options: { testEmail?: boolean; addDomain?: boolean } = {}) {
  const { test } = valueOf((await testDraft(address, options)).result)
  const { addDomain = true } = options
  return valueOf(await engine.client.mailboxes.add({ test, ...preferences, addDomain }))
}

async function rows() {
  const { rows } = await snapshot(engine.client)
  const all = [...rows.values()]
  const by = (name: string) => all.flatMap(row => (row.table === name ? [row.row] : []))
  return { mailboxes: by('mailboxes') as Mailbox[], alerts: by('alerts') as Alert[], domains: by('domains') }
}
const row = async (id: string) => (await rows()).mailboxes.find(one => one.id === id)
const events = async (id: string) =>
  valueOf(await engine.client.mailboxes.details({ id })).events.map(({ code }) => code)

describe('adding a mailbox', () => {
  test('tells every phase, and saves as Active what passed', async () => {
    const { events: told, result } = await testDraft('mia@example.com')
    const outcome = valueOf(result)
    expect(told[0]).toMatchObject({ kind: 'started', test: outcome.test })
    const ended = told.filter(event => event.kind === 'phase' && event.state !== 'running')
    const started = told[0]
    expect(ended.map(event => event.kind === 'phase' && event.phase)).toEqual(
      started?.kind === 'started' ? started.phases : [],
    )
    const mailbox = valueOf(
      await engine.client.mailboxes.add({ test: outcome.test, ...preferences, addDomain: true }),
    )
    expect(mailbox).toMatchObject({
      address: 'mia@example.com',
      status: 'active',
      reason: null,
      dailyLimit: 50,
      ownDailyLimit: null,
      connection: { login: { kind: 'password', separate: false } },
    })
    expect(mailbox.domainId).not.toBe(null)
    expect((await rows()).domains).toMatchObject([{ name: 'example.com', mailboxes: 1, dailyLimit: 50 }])
    const details = valueOf(await engine.client.mailboxes.details({ id: mailbox.id }))
    expect(details).toMatchObject({
      signature: 'Mia\nSales',
      lastTest: { kind: 'test', result: { result: 'passed' } },
    })
    expect(details.lastTest?.phases.at(-1)).toMatchObject({ phase: 'results', state: 'passed' })
  })

  test('is saved as Not fully tested without a test email, and without IMAP', async () => {
    expect(await add('mia@example.com', { testEmail: false })).toMatchObject({
      status: 'not-fully-tested',
      reason: { code: 'test-email-not-sent' },
    })
    const address = 'leo@example.com'
    const { result } = await readToEnd(
      engine.client.mailboxes.test({
        kind: 'draft',
        address,
        ...connectionOf(address),
        imap: null,
        login: { kind: 'password', password: canary(), imapPassword: null },
        testEmail: true,
      }),
    )
    const { test } = valueOf(result)
    expect(
      valueOf(await engine.client.mailboxes.add({ test, ...preferences, addDomain: false })),
    ).toMatchObject({
      status: 'not-fully-tested',
      reason: { code: 'no-imap' },
    })
  })

  test('saves nothing that failed, was never tested, or belongs to another engine', async () => {
    mail.decide('mia@example.com', { code: 'auth.bad-credentials', phase: 'smtp-login', evidence: '535 no' })
    const failed = valueOf((await testDraft('mia@example.com')).result)
    expect(failed).toMatchObject({ canSave: false, result: { result: 'failed' } })
    for (const test of [failed.test, 'made-up', '']) {
      const refused = await engine.client.mailboxes.add({ test, ...preferences, addDomain: true })
      expect(failureOf(refused).code).toBe('mailbox-not-tested')
    }
    expect(await rows()).toMatchObject({ mailboxes: [], domains: [] })

    const { test } = valueOf((await testDraft('leo@example.com')).result)
    await engine.stop()
    engine = await testEngine({ dataDir: folder.path, mail: mail.makeMail, keychain })
    const refused = await engine.client.mailboxes.add({ test, ...preferences, addDomain: true })
    expect(failureOf(refused).code).toBe('mailbox-not-tested')
  })

  test('a run can be saved once, and for an hour', async () => {
    const { test } = valueOf((await testDraft('mia@example.com')).result)
    valueOf(await engine.client.mailboxes.add({ test, ...preferences, addDomain: true }))
    expect(failureOf(await engine.client.mailboxes.add({ test, ...preferences, addDomain: true })).code).toBe(
      'mailbox-not-tested',
    )
    const late = valueOf((await testDraft('leo@example.com')).result)
    engine.clock.advance(limits.mailboxDraftMs + 1)
    const refused = await engine.client.mailboxes.add({ test: late.test, ...preferences, addDomain: true })
    expect(failureOf(refused).code).toBe('mailbox-not-tested')
  })

  test('refuses an address that is none, or is on the list', async () => {
    await add('mia@example.com')
    expect(failureOf((await testDraft('mia.example.com')).result).code).toBe('address-without-at')
    expect(failureOf((await testDraft('MIA@Example.com')).result)).toMatchObject({
      code: 'mailbox-already-added',
      detail: { address: 'MIA@example.com' },
    })
    expect(mail.tested).toHaveLength(1)
  })

  test('contacts nobody while the vault is locked', async () => {
    await add('mia@example.com')
    valueOf(await engine.client.vault.lock())
    expect(failureOf((await testDraft('leo@example.com')).result).code).toBe('vault-locked')
    expect(mail.tested).toHaveLength(1)
  })

  test('leaves no password anywhere but in the vault, and what was left behind is forgotten', async () => {
    const added = await add('mia@example.com')
    await testDraft('leo@example.com')
    mail.decide('ann@example.com', { code: 'auth.bad-credentials', phase: 'smtp-login' })
    await testDraft('ann@example.com')
    const details = await engine.client.mailboxes.details({ id: added.id })
    expect(
      sweepText(JSON.stringify([details, [...(await snapshot(engine.client)).rows]]), 'answers'),
    ).toEqual([])
    expect(sweepText(JSON.stringify(engine.platform.lines), 'log')).toEqual([])
    await engine.stop()
    expect(sweepFolder(folder.path)).toEqual([])
    engine = await testEngine({ dataDir: folder.path, mail: mail.makeMail, keychain })
    expect(valueOf(await engine.client.vault.state()).secrets).toBe(1)
  })
})

describe('a mailbox on the list', () => {
  test('can be changed, and takes other servers only when they were tested', async () => {
    const { id } = await add('mia@example.com')
    const change = { senderName: 'Mia S.', dailyLimit: 80, timeZone: 'Asia/Tokyo', signature: 'M' }
    expect(valueOf(await engine.client.mailboxes.update({ id, change, test: null }))).toMatchObject({
      senderName: 'Mia S.',
      ownDailyLimit: 80,
      dailyLimit: 80,
      timeZone: 'Asia/Tokyo',
    })
    const other = {
      ...connectionOf('mia@example.com'),
      smtp: { server: server('other.example', 465), user: 'm' },
    }
    const { result } = await readToEnd(
      engine.client.mailboxes.test({ kind: 'change', id, ...other, login: null, testEmail: true }),
    )
    const { test } = valueOf(result)
    expect(mail.tested.at(-1)?.credential).toEqual({ kind: 'password', password: canary() })
    expect((await row(id))?.connection.smtp.server.host).toBe('smtp.example.com')
    const updated = valueOf(await engine.client.mailboxes.update({ id, change: {}, test }))
    expect(updated.connection.smtp.server.host).toBe('other.example')
    expect(await events(id)).toEqual(['test-passed', 'servers-changed', 'settings-changed', 'added'])
  })

  test('gets another password by a test of it', async () => {
    const { id } = await add('mia@example.com')
    const login = { kind: 'password' as const, password: canary('second'), imapPassword: canary('third') }
    const connection = connectionOf('mia@example.com')
    const { result } = await readToEnd(
      engine.client.mailboxes.test({ kind: 'change', id, ...connection, login, testEmail: false }),
    )
    valueOf(await engine.client.mailboxes.update({ id, change: {}, test: valueOf(result).test }))
    await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id, testEmail: true }))
    expect(mail.tested.at(-1)?.credential).toEqual({
      kind: 'password',
      password: canary('second'),
      imapPassword: canary('third'),
    })
    expect(await events(id)).toContain('credential-changed')
    expect(valueOf(await engine.client.vault.state()).secrets).toBe(1)
  })

  test('takes the limit of its domain unless it has its own', async () => {
    const [mia, leo] = [await add('mia@example.com'), await add('leo@example.com')]
    valueOf(await engine.client.mailboxes.update({ id: leo.id, change: { dailyLimit: 200 }, test: null }))
    valueOf(await engine.client.domains.setDailyLimit({ ids: [String(mia.domainId)], dailyLimit: 120 }))
    expect([(await row(mia.id))?.dailyLimit, (await row(leo.id))?.dailyLimit]).toEqual([120, 200])
    const refused = await engine.client.domains.setDailyLimit({
      ids: [String(mia.domainId)],
      dailyLimit: 501,
    })
    expect(failureOf(refused).code).toBe('invalid-input')
  })

  test('is paused, disabled, and comes back as it stood', async () => {
    const { id } = await add('mia@example.com')
    valueOf(await engine.client.mailboxes.pause({ ids: [id] }))
    expect(await row(id)).toMatchObject({ status: 'paused', reason: { code: 'by-person' } })
    expect(valueOf(await engine.client.mailboxes.enable({ ids: [id] })).changed).toEqual([])
    valueOf(await engine.client.mailboxes.disable({ ids: [id] }))
    expect(await row(id)).toMatchObject({ status: 'disabled', nextCheckAt: null })
    valueOf(await engine.client.mailboxes.enable({ ids: [id] }))
    const back = await row(id)
    expect(back?.status).toBe('active')
    expect(back?.nextCheckAt).toBeGreaterThan(engine.clock.now())
    expect(await events(id)).toEqual(['enabled', 'disabled', 'paused', 'added'])
  })

  test('can be brought back for seven days; then its password is forgotten', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    valueOf(await engine.client.mailboxes.remove({ ids: [id] }))
    expect((await rows()).mailboxes).toEqual([])
    expect(failureOf(await engine.client.mailboxes.details({ id })).code).toBe('mailbox-not-found')
    valueOf(await engine.client.mailboxes.restore({ ids: [id] }))
    expect(await row(id)).toMatchObject({ status: 'active' })
    valueOf(await engine.client.mailboxes.remove({ ids: [id] }))
    expect(valueOf(await engine.client.vault.state()).secrets).toBe(1)
    engine.clock.advance(mailboxKeptAfterRemovalMs + 2 * hourMs)
    expect(valueOf(await engine.client.mailboxes.restore({ ids: [id] })).restored).toEqual([])
    expect(valueOf(await engine.client.vault.state()).secrets).toBe(0)
  })
})

describe('a domain with mailboxes', () => {
  test('is removed with them when that is said, and comes back with them', async () => {
    const mia = await add('mia@example.com')
    const leo = await add('leo@example.com')
    valueOf(await engine.client.mailboxes.remove({ ids: [leo.id] }))
    engine.clock.advance(1_000)
    const ids = [String(mia.domainId)]
    expect(failureOf(await engine.client.domains.remove({ ids }))).toMatchObject({
      code: 'domain-has-mailboxes',
      detail: { domain: 'example.com', mailboxes: 1 },
    })
    expect((await rows()).domains).toHaveLength(1)
    valueOf(await engine.client.domains.remove({ ids, withMailboxes: true }))
    expect(await rows()).toMatchObject({ domains: [], mailboxes: [] })
    valueOf(await engine.client.domains.restore({ ids }))
    expect((await rows()).mailboxes.map(({ address }) => address)).toEqual(['mia@example.com'])
    valueOf(await engine.client.domains.remove({ ids, withMailboxes: true }))
    valueOf(await engine.client.domains.add({ input: 'example.com' }))
    expect((await rows()).mailboxes).toMatchObject([{ address: 'mia@example.com', domainId: ids[0] }])
  })

  test('need not be on the list', async () => {
    const mia = await add('mia@example.com', { addDomain: false })
    expect(mia).toMatchObject({ domainId: null, dailyLimit: 50 })
    const domain = valueOf(await engine.client.domains.add({ input: 'example.com' }))
    expect(domain.mailboxes).toBe(1)
    expect((await row(mia.id))?.domainId).toBe(domain.id)
  })
})

const refuse = () =>
  mail.decide('mia@example.com', {
    code: 'auth.bad-credentials',
    phase: 'imap-login',
    evidence: 'NO denied',
  })
/** Lets the time go by until each of these has been looked at so many times more. */
const lookedAt = async (ids: readonly string[], times: number) => {
  for (let time = 0; time < times; time += 1) {
    const before = mail.tested.length
    const all = (await rows()).mailboxes.filter(({ id }) => ids.includes(id))
    const next = Math.max(...all.map(({ nextCheckAt }) => nextCheckAt ?? 0))
    engine.clock.advance(Math.max(0, next - engine.clock.now()) + 1)
    await until(() => {
      engine.clock.advance(0)
      return mail.tested.length >= before + ids.length
    })
    await until(async () => (await rows()).mailboxes.every(({ testing }) => !testing))
  }
}
const settled = async () => {
  const before = mail.tested.length
  const next = (await rows()).mailboxes[0]?.nextCheckAt ?? 0
  engine.clock.advance(Math.max(0, next - engine.clock.now()) + 1)
  await until(() => {
    // A timer that was set for this moment only after the clock had come to it.
    engine.clock.advance(0)
    return mail.tested.length > before
  })
  await until(async () => (await rows()).mailboxes[0]?.testing === false)
}

describe('the re-check', () => {
  test('comes once a day, sends nothing, and leaves an active mailbox as it is', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    const planned = ((await row(id))?.nextCheckAt ?? 0) - engine.clock.now()
    expect(planned).toBeGreaterThan(21 * hourMs)
    expect(planned).toBeLessThan(27 * hourMs)
    await settled()
    expect(mail.tested.at(-1)?.settings.testEmail).toBe(false)
    expect(await row(id)).toMatchObject({ status: 'active', reason: null })
    expect(await events(id)).toEqual(['added'])
    expect(valueOf(await engine.client.mailboxes.details({ id })).lastTest?.kind).toBe('test')
  })

  test('that is refused three times in a row raises an alert, which ends when it logs in again', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    refuse()
    await settled()
    expect(await row(id)).toMatchObject({
      status: 'auth-failed',
      refusals: 1,
      reason: { code: 'auth.bad-credentials', evidence: 'NO denied' },
    })
    const waits = [((await row(id))?.nextCheckAt ?? 0) - engine.clock.now()]
    await settled()
    waits.push(((await row(id))?.nextCheckAt ?? 0) - engine.clock.now())
    expect((await rows()).alerts).toEqual([])
    expect(waits[0]).toBeLessThan(hourMs)
    expect(waits[1]).toBeGreaterThan(hourMs)
    await settled()
    expect((await rows()).alerts).toMatchObject([
      {
        code: 'mailbox.auth-failed',
        mailboxId: id,
        domainId: null,
        about: 'mia@example.com',
        state: 'open',
        facts: { refusals: 3, text: 'NO denied' },
      },
    ])
    expect(engine.platform.notifications.at(-1)?.title).toBe('mia@example.com')
    mail.decide('mia@example.com', null)
    await settled()
    expect(await row(id)).toMatchObject({ status: 'active', refusals: 0 })
    expect((await rows()).alerts).toMatchObject([{ state: 'resolved', resolvedBy: 'itself' }])
    expect(await events(id)).toEqual([
      'login-works-again',
      'recheck-refused',
      'recheck-refused',
      'recheck-refused',
      'added',
    ])
  })

  test.each([
    ['of a person', false],
    ['of the clock', true],
  ])('%s that began before the password was changed says nothing about the new one', async (_who, isJob) => {
    const { id } = await add('mia@example.com')
    engine.start()
    refuse()
    const letGo = mail.hold('mia@example.com')
    const begun = mail.tested.length
    if (isJob) engine.clock.advance(27 * hourMs)
    const old = isJob ? null : readToEnd(engine.client.mailboxes.test({ kind: 'saved', id, testEmail: true }))
    await until(() => {
      engine.clock.advance(0)
      return mail.tested.length > begun
    })
    mail.decide('mia@example.com', null)
    const { result } = await readToEnd(
      engine.client.mailboxes.test({
        kind: 'change',
        id,
        ...connectionOf('mia@example.com'),
        login: { kind: 'password', password: canary(), imapPassword: null },
        testEmail: true,
      }),
    )
    valueOf(await engine.client.mailboxes.update({ id, change: {}, test: valueOf(result).test }))
    letGo()
    await old
    await until(async () => (await row(id))?.testing === false)
    expect(await row(id)).toMatchObject({ status: 'active', reason: null, refusals: 0 })
    expect(await events(id)).toEqual(['test-passed', 'credential-changed', 'added'])
    expect(((await row(id))?.nextCheckAt ?? 0) - engine.clock.now()).toBeGreaterThan(20 * hourMs)
  })

  test('that cannot reach the server says nothing about the password', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    mail.decide('mia@example.com', { code: 'net.timeout', phase: 'smtp-tcp' })
    await settled()
    expect(await row(id)).toMatchObject({ status: 'active', refusals: 0 })
    const wait = ((await row(id))?.nextCheckAt ?? 0) - engine.clock.now()
    expect(wait).toBeLessThan(10 * 60_000)
    await settled()
    expect(await events(id)).toEqual(['recheck-unreachable', 'added'])
    expect((await rows()).alerts).toEqual([])
  })

  test('that cannot use a server three times in a row raises one alert for all its mailboxes, until it can', async () => {
    const both = ['mia@example.com', 'leo@example.com'] as const
    const ids = [(await add(both[0])).id, (await add(both[1])).id]
    engine.start()
    for (const address of both) mail.decide(address, { code: 'tls.cert-expired', phase: 'smtp-tls' })
    await lookedAt(ids, 2)
    expect((await rows()).alerts).toEqual([])
    await lookedAt(ids, 1)
    expect((await rows()).alerts).toMatchObject([
      {
        code: 'mailbox.unreachable',
        state: 'open',
        facts: { times: 3, host: 'smtp.example.com', reason: 'tls.cert-expired' },
      },
    ])
    await lookedAt(ids, 1)
    expect((await rows()).alerts).toHaveLength(1)
    expect((await rows()).mailboxes.map(({ status }) => status)).toEqual(['active', 'active'])
    for (const address of both) mail.decide(address, null)
    await lookedAt(ids, 1)
    expect((await rows()).alerts).toMatchObject([{ state: 'resolved', resolvedBy: 'itself' }])
  })

  test('that nobody answers is the network here, as long as no other mailbox is answered', async () => {
    const mia = (await add('mia@example.com')).id
    engine.start()
    mail.decide('mia@example.com', { code: 'net.timeout', phase: 'smtp-tcp' })
    await lookedAt([mia], 6)
    expect((await rows()).alerts).toEqual([])
    const leo = (await add('leo@example.org')).id
    engine.clock.advance(60_000)
    valueOf(
      (await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id: leo, testEmail: true }))).result,
    )
    await lookedAt([mia], 1)
    expect((await rows()).alerts).toMatchObject([{ code: 'mailbox.unreachable', mailboxId: mia }])
  })

  test('that is limited shows until when, and goes on by itself', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    mail.decide('mia@example.com', {
      code: 'auth.too-many-attempts',
      phase: 'smtp-login',
      evidence: '454 4.7.0',
    })
    await settled()
    const limited = await row(id)
    expect(limited).toMatchObject({ status: 'rate-limited', reason: { code: 'auth.too-many-attempts' } })
    expect(limited?.limitedUntilAt).toBe(engine.clock.now() + hourMs)
    mail.decide('mia@example.com', null)
    engine.clock.advance(hourMs + 1)
    await until(async () => {
      engine.clock.advance(0)
      return (await row(id))?.status === 'active'
    })
    expect((await row(id))?.limitedUntilAt).toBe(null)
  })

  test('waits while the vault is locked, and goes on when it is open', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    valueOf(await engine.client.vault.lock())
    engine.clock.advance(48 * hourMs)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(mail.tested).toHaveLength(1)
    expect(await row(id)).toMatchObject({ status: 'active', testing: false })
    expect(valueOf(await engine.client.vault.unlock({ passphrase: null })).state).toBe('open')
    engine.clock.advance(hourMs)
    await until(() => mail.tested.length === 2)
  })

  test('is not made of a disabled mailbox', async () => {
    const { id } = await add('mia@example.com')
    engine.start()
    valueOf(await engine.client.mailboxes.disable({ ids: [id] }))
    engine.clock.advance(72 * hourMs)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(mail.tested).toHaveLength(1)
  })
})

test('a test without a message takes nothing from a mailbox whose message was seen', async () => {
  const { id } = await add('mia@example.com')
  await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id, testEmail: false }))
  expect(await row(id)).toMatchObject({ status: 'active', reason: null })
  const other = await add('leo@example.com', { testEmail: false })
  await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id: other.id, testEmail: false }))
  expect(await row(other.id)).toMatchObject({
    status: 'not-fully-tested',
    reason: { code: 'test-email-not-sent' },
  })
})

describe('testing many', () => {
  test('tells each end, keeps what came of it, and never crowds a server', async () => {
    const ids: string[] = []
    for (let index = 0; index < 30; index += 1) ids.push((await add(`m${index}@example.com`)).id)
    mail.decide('m3@example.com', { code: 'auth.bad-credentials', phase: 'smtp-login' })
    const { events: told, result } = await readToEnd(
      engine.client.mailboxes.testMany({ ids: [...ids, 'not there'], testEmail: false }),
    )
    expect(valueOf(result)).toEqual({ passed: 0, partly: 29, failed: 1 })
    const ended = told.filter(event => event.kind === 'ended')
    expect(ended.map(({ done }) => done)).toEqual(ids.map((_, index) => index + 1))
    expect(ended.every(({ total }) => total === ids.length)).toBe(true)
    // One connection is left for looks.
    expect(mail.most.perHost).toBe(limits.mailConnectionsPerHost - 1)
    expect((await rows()).mailboxes.filter(({ status }) => status === 'auth-failed')).toHaveLength(1)
    expect((await rows()).mailboxes.some(({ testing }) => testing)).toBe(false)
  })

  test('stops at once when its caller leaves', async () => {
    const { id } = await add('mia@example.com')
    const other = await add('leo@example.com')
    mail.decide('mia@example.com', 'hang')
    mail.decide('leo@example.com', 'hang')
    const leave = new AbortController()
    const stream = await engine.client.mailboxes.testMany(
      { ids: [id, other.id], testEmail: false },
      { signal: leave.signal },
    )
    expect((await stream.next()).value).toMatchObject({ kind: 'begun' })
    expect((await row(id))?.testing).toBe(true)
    leave.abort()
    await until(async () => (await rows()).mailboxes.every(({ testing }) => !testing))
    expect((await rows()).mailboxes.map(({ status }) => status)).toEqual(['active', 'active'])
  })
})
