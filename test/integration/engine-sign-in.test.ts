import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkMailWith } from '#engine/mailboxes/mail-reach.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { mailboxReasonLine } from '#shared/words/mailboxes.ts'
import { sweepFolder, sweepText } from '../helpers/canary.ts'
import {
  failureOf,
  readToEnd,
  snapshot,
  type TestEngine,
  testEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { oauthClient, type OauthServer, startOauthServer } from '../helpers/oauth-server.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('A mailbox that is signed in for, at Dovecot and Postfix', problem)

const address = 'user1@a.test'
const hourMs = 60 * 60_000
const server = (port: number) => ({ host: 'localhost', port, security: 'tls' as const })

describe.runIf(problem === null)('a mailbox that is signed in for', () => {
  const folder = temporaryFolder()
  let provider: OauthServer
  let servers: MailServers
  let engine: TestEngine
  let id: string
  /** Everything the engine answered. */
  const answers: unknown[] = []
  beforeAll(async () => {
    provider = await startOauthServer({ account: address })
    const { introspectionUrl } = provider
    servers = await startMailServers({ users: 1, mechanisms: 'plain xoauth2', introspectionUrl })
    engine = await testEngine({
      dataDir: folder.path,
      provider,
      mail: networkMailWith({ ca: [servers.caPem] }),
    })
    const { clientId } = oauthClient
    valueOf(await engine.client.oauth.setClient({ provider: 'google', clientId, clientSecret: null }))
    engine.start()
  })
  afterAll(async () => {
    await engine?.stop()
    await servers?.stop()
    await provider?.close()
    folder.remove()
  })

  const signIn = async () => {
    const stream = await engine.client.oauth.signIn({ provider: 'google', address })
    await stream.next()
    await provider.browse(engine.platform.openedPages.at(-1) ?? '')
    let step = await stream.next()
    while (!step.done) step = await stream.next()
    answers.push(step.value)
    return step.value
  }
  const testSaved = async () => {
    const told = await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id, testEmail: true }))
    answers.push(told)
    return told.result
  }
  const row = async () => {
    const { rows } = await snapshot(engine.client)
    answers.push([...rows.values()])
    return [...rows.values()].flatMap(one => (one.table === 'mailboxes' ? [one.row] : []))[0] as Mailbox
  }
  /** Waits for the next look at the login. */
  const recheck = async () => {
    const { testedAt, nextCheckAt, refusals } = await row()
    engine.clock.advance(Math.max(0, (nextCheckAt ?? 0) - engine.clock.now()) + 1)
    await until(async () => {
      // A timer that was set for this moment only after the clock had come to it.
      engine.clock.advance(0)
      const now = await row()
      return (
        !now.testing &&
        now.nextCheckAt !== nextCheckAt &&
        (now.refusals !== refusals || now.testedAt !== testedAt || now.nextCheckAt !== null)
      )
    })
    return row()
  }

  test('is added after a test with the token of the sign-in', async () => {
    expect(await signIn()).toMatchObject({ value: { account: address, ended: false } })
    const tested = await readToEnd(
      engine.client.mailboxes.test({
        kind: 'draft',
        address,
        smtp: { server: server(servers.ports.submissions), user: address },
        imap: { server: server(servers.ports.imaps), user: address },
        allowPlain: false,
        pinnedCertificate: null,
        provider: null,
        login: { kind: 'oauth', provider: 'google' },
        testEmail: true,
      }),
    )
    answers.push(tested)
    const { result, test } = valueOf(tested.result)
    expect(result).toMatchObject({ result: 'passed', failures: [] })
    const preferences = { senderName: '', signature: '', timeZone: 'UTC', dailyLimit: null, addDomain: true }
    const added = valueOf(await engine.client.mailboxes.add({ test, ...preferences }))
    id = added.id
    expect(added).toMatchObject({ status: 'active', connection: { login: { kind: 'oauth' } } })
  })

  test('gets another token when the server no longer takes the one there is', async () => {
    provider.expireAll()
    const renewals = provider.grants.length
    expect(valueOf(await testSaved())).toMatchObject({ result: { result: 'passed', failures: [] } })
    expect(provider.grants.slice(renewals).map(form => form.get('grant_type'))).toEqual(['refresh_token'])
    provider.expireAll()
    expect(await recheck()).toMatchObject({ status: 'active', refusals: 0 })
    expect(provider.grants.length).toBeGreaterThan(renewals + 1)
  })

  test('asks for a new sign-in when the provider ended it, by a re-check and by a test', async () => {
    provider.revokeAll()
    const refused = await recheck()
    expect(refused).toMatchObject({
      status: 'auth-failed',
      refusals: 1,
      reason: { code: 'auth.sign-in-again' },
    })
    expect(refused.reason && mailboxReasonLine(refused.reason)).toMatch(/sign in again/i)
    const asked = provider.grants.length
    expect(failureOf(await testSaved())).toMatchObject({ code: 'oauth-sign-in-again' })
    expect(await row()).toMatchObject({ status: 'auth-failed', reason: { code: 'auth.sign-in-again' } })
    expect(provider.grants.length).toBe(asked)
  })

  test('says so at once when the server is the first to refuse', async () => {
    valueOf((await signIn()) as never)
    expect(valueOf(await testSaved())).toMatchObject({ result: { result: 'passed' } })
    expect(await row()).toMatchObject({ status: 'active', reason: null })
    provider.revokeAll()
    const { result } = valueOf(await testSaved())
    expect(result.failures.map(({ code }) => code)).toEqual(['auth.sign-in-again', 'auth.sign-in-again'])
    expect(await row()).toMatchObject({ status: 'auth-failed', reason: { code: 'auth.sign-in-again' } })
  })

  test('leaves no token in a file, an answer, the feed or an export', async () => {
    valueOf((await signIn()) as never)
    engine.clock.advance(hourMs)
    answers.push(await testSaved(), await engine.client.mailboxes.details({ id }), engine.platform.lines)
    answers.push(await engine.client.settings.networkLog(), engine.platform.openedPages)
    expect(sweepText(JSON.stringify(answers), 'what the engine told')).toEqual([])
    expect(sweepFolder(folder.path)).toEqual([])
  })
})
