import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import type { Discovery, DiscoveryCandidate } from '#shared/model/discovery.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { canary, sweepFolder, sweepText } from '../helpers/canary.ts'
import { failureOf, readToEnd, snapshot, testEngine, type TestEngine, valueOf } from '../helpers/engine.ts'
import { memoryKeychain, temporaryFolder } from '../helpers/platform.ts'
import { standInMail, type StandInMail } from '../helpers/stand-in-mail.ts'

let folder: ReturnType<typeof temporaryFolder>
let mail: StandInMail
let engine: TestEngine
const keychain = memoryKeychain()

beforeEach(async () => {
  folder = temporaryFolder()
  mail = standInMail()
  engine = await testEngine({ dataDir: folder.path, mail: mail.makeMail, keychain })
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

const candidate = (change: Partial<DiscoveryCandidate> = {}): DiscoveryCandidate => ({
  source: 'mx',
  from: 'mx.example.com',
  trusted: true,
  distrust: null,
  provider: null,
  smtp: { host: 'smtp.found.example', port: 465, security: 'tls' },
  imap: { host: 'imap.found.example', port: 993, security: 'tls' },
  smtpUser: 'mia@found.example',
  imapUser: 'mia@found.example',
  authentication: ['password'],
  ...change,
})
const discovery = (candidates: DiscoveryCandidate[], chosen: number | null): Discovery => ({
  address: '',
  domain: '',
  provider: { id: 'p', name: 'Penguin Mail' },
  candidates,
  chosen,
  rules: [],
  sources: [],
  suggestion: null,
})

const readList = (text: string) => engine.client.mailboxes.readList({ text })
const addList = (list: string | null, options: { addDomains?: boolean } = {}) =>
  readToEnd(
    engine.client.mailboxes.addList({
      list: list ?? '',
      timeZone: 'Europe/Berlin',
      addDomains: options.addDomains ?? true,
    }),
  )
const mailboxes = async (): Promise<Mailbox[]> => {
  const { rows } = await snapshot(engine.client)
  return [...rows.values()].flatMap(row => (row.table === 'mailboxes' ? [row.row] : []))
}
const secrets = async () => valueOf(await engine.client.vault.state()).secrets

const header = 'address,password,smtp host,smtp port,imap host,daily limit\n'
const line = (address: string) => `${address},${canary()},smtp.example.com,465,imap.example.com,80\n`

describe('a list of mailboxes', () => {
  test('is read with a result for each row, and added whole', async () => {
    const text = `${header}${line('mia@example.com')}${line('leo@example.org')}mia,x,,,,\n${line('MIA@example.com')}`
    const preview = valueOf(await readList(text))
    expect(preview).toMatchObject({ good: 2, separator: ',', domainsToLookUp: 0 })
    expect(preview.rows.map(({ line, problems }) => [line, problems.map(({ code }) => code)])).toEqual([
      [2, []],
      [3, []],
      [4, ['address-invalid']],
      [5, ['address-twice']],
    ])
    expect(await secrets()).toBe(1)
    const outcome = valueOf((await addList(preview.list)).result)
    expect(outcome.added.map(({ address }) => address)).toEqual(['mia@example.com', 'leo@example.org'])
    expect(await secrets()).toBe(2)
    const rows = await mailboxes()
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row).toMatchObject({
        status: 'not-fully-tested',
        reason: { code: 'not-tested-yet' },
        timeZone: 'Europe/Berlin',
        dailyLimit: 80,
      })
      expect(row.domainId).not.toBe(null)
    }
    expect(failureOf((await addList(preview.list)).result).code).toBe('mailbox-import-gone')
    const { id = '' } = outcome.added[0] ?? {}
    await readToEnd(engine.client.mailboxes.test({ kind: 'saved', id, testEmail: true }))
    expect(mail.tested[0]).toMatchObject({
      settings: { smtp: { server: { host: 'smtp.example.com', port: 465, security: 'tls' } } },
      credential: { kind: 'password', password: canary() },
    })
    expect((await mailboxes()).find(row => row.id === id)?.status).toBe('active')
  })

  test('has the servers it leaves out looked up, once for each domain', async () => {
    mail.find('found.example', discovery([candidate({ smtpUser: 'mia' })], 0))
    mail.find('odd.example', discovery([candidate({ trusted: false })], null))
    mail.find('signin.example', discovery([candidate({ authentication: ['oauth'] })], 0))
    const text = `email,password\n${[
      'a@found.example',
      'b@found.example',
      'c@odd.example',
      'd@signin.example',
      'e@none.example',
    ]
      .map(address => `${address},${canary()}`)
      .join('\n')}`
    const preview = valueOf(await readList(text))
    expect(preview).toMatchObject({ good: 5, domainsToLookUp: 4 })
    const { events, result } = await addList(preview.list)
    expect(events.filter(({ kind }) => kind === 'looking')).toHaveLength(4)
    const { added, refused } = valueOf(result)
    expect(added.map(({ address }) => address)).toEqual(['a@found.example', 'b@found.example'])
    expect(refused.map(({ address, problems }) => [address, problems[0]?.code])).toEqual([
      ['c@odd.example', 'servers-untrusted'],
      ['d@signin.example', 'sign-in-needed'],
      ['e@none.example', 'servers-unknown'],
    ])
    const row = (await mailboxes()).find(({ address }) => address === 'b@found.example')
    expect(row?.connection).toMatchObject({
      smtp: { server: { host: 'smtp.found.example' }, user: 'b' },
      imap: { user: 'b@found.example' },
      provider: { name: 'Penguin Mail' },
    })
  })

  test('leaves no password in clear, and none at all when it is dropped, replaced or left', async () => {
    const preview = valueOf(await readList(header + line('mia@example.com')))
    expect(sweepText(JSON.stringify(preview), 'the preview')).toEqual([])
    valueOf(await readList(header + line('leo@example.com')))
    expect(await secrets()).toBe(1)
    expect(failureOf((await addList(preview.list)).result).code).toBe('mailbox-import-gone')
    const dropped = valueOf(await readList(header + line('mia@example.com')))
    valueOf(await engine.client.mailboxes.dropList({ list: dropped.list ?? '' }))
    expect(await secrets()).toBe(0)
    const late = valueOf(await readList(header + line('mia@example.com')))
    engine.clock.advance(limits.mailboxDraftMs + 1)
    expect(failureOf((await addList(late.list)).result).code).toBe('mailbox-import-gone')
    expect(await secrets()).toBe(0)
    valueOf(await readList(header + line('mia@example.com')))
    await engine.stop()
    expect(sweepFolder(folder.path)).toEqual([])
    engine = await testEngine({ dataDir: folder.path, mail: mail.makeMail, keychain })
    expect(await secrets()).toBe(0)
    expect(await mailboxes()).toEqual([])
  })

  test('is refused whole while the vault is locked', async () => {
    valueOf(await readList(header + line('ann@example.com')))
    const list = valueOf(await readList(header + line('mia@example.com'))).list
    valueOf(await engine.client.vault.lock())
    expect(failureOf(await readList(header + line('leo@example.com'))).code).toBe('vault-locked')
    expect(failureOf((await addList(list)).result).code).toBe('mailbox-import-gone')
    expect(await mailboxes()).toEqual([])
  })

  test('of ten thousand rows is added in one go', async () => {
    const count = limits.mailboxImportRows
    const rows = Array.from({ length: count }, (_, index) => line(`m${index}@d${index % 50}.example.com`))
    const preview = valueOf(await readList(header + rows.join('')))
    expect(preview.good).toBe(count)
    const { added, refused } = valueOf((await addList(preview.list)).result)
    expect([added.length, refused.length]).toEqual([count, 0])
    expect(await secrets()).toBe(count)
    expect(await mailboxes()).toHaveLength(count)
  })

  test('that is no list says so', async () => {
    expect(failureOf(await readList('')).code).toBe('csv-empty')
    expect(failureOf(await readList('a,b\n1,2')).code).toBe('csv-without-address')
    expect(valueOf(await readList('email,password\nmia,x')).list).toBe(null)
    expect(await secrets()).toBe(0)
  })
})
