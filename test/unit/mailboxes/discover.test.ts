import { describe, expect, it } from 'vitest'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { type DiscoverOptions, discoverMailbox } from '#engine/mailboxes/discover.ts'
import type { Greeting } from '#engine/mailboxes/discovery/probe-greeting.ts'
import { parseAddress } from '#shared/mail-auth/parse-address.ts'
import type { ServerAddress } from '#shared/model/connection.ts'
import { type Discovery, type DiscoveryEvent, discoverySchema } from '#shared/model/discovery.ts'
import type { HttpsAnswer } from '#shared/model/exchange.ts'
import { type ZoneText, zone } from '../../helpers/zone.ts'

type World = {
  readonly zone?: ZoneText
  readonly pages?: Readonly<Record<string, string | Partial<HttpsAnswer>>>
  readonly servers?: Readonly<Record<string, Greeting>>
  readonly signal?: AbortSignal
}

/** Everything outside is what the world says; what it does not say does not exist. */
async function discover(address: string, world: World = {}) {
  const { ask, calls } = zone(world.zone ?? {})
  const fetched: string[] = []
  const probed: string[] = []
  const options: DiscoverOptions = {
    ask,
    fetchHttps: async url => {
      fetched.push(url)
      const page = world.pages?.[url.replace(/\?.*/, '')]
      const base = { url, address: '192.0.2.1' }
      if (page === undefined) return { ...base, state: 'failed', fault: 'no-address', detail: null }
      return typeof page === 'string'
        ? { ...base, state: 'answered', status: 200, contentType: 'text/xml', body: page, validToAt: null }
        : ({ ...base, ...page } as HttpsAnswer)
    },
    probe: async (protocol, server) => {
      probed.push(`${protocol} ${keyOf(server)}`)
      return world.servers?.[keyOf(server)] ?? { state: 'absent' }
    },
    ...(world.signal ? { signal: world.signal } : {}),
  }
  const read = parseAddress(address, parseDomainName)
  if (!read.ok) throw new Error(read.failure.code)
  const stream = discoverMailbox(read.value, options)
  const events: DiscoveryEvent[] = []
  let step = await stream.next()
  for (; !step.done; step = await stream.next()) events.push(step.value)
  const discovery: Discovery = discoverySchema.parse(step.value)
  const chosen = discovery.chosen === null ? null : (discovery.candidates[discovery.chosen] ?? null)
  const source = (id: string) => discovery.sources.find(one => one.source === id)
  return { discovery, chosen, events, source, calls, fetched, probed }
}

const keyOf = ({ host, port }: ServerAddress) => `${host}:${port}`
const codesOf = ({ rules }: Discovery) => rules.map(({ code }) => code)
const tls = (host: string, port: number) => ({ host, port, security: 'tls' })
const greets: Greeting = { state: 'greets', certificate: 'good' }

const config = (imap: string, smtp: string, more = '') => `<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="x">${more}
<incomingServer type="imap"><hostname>${imap}</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>${smtp}</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`
const autoconfigPage = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const wellKnownPage = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'

describe('a provider’s own domain', () => {
  it('is known without a question to anybody', async () => {
    const { discovery, chosen, calls, fetched, probed } = await discover('anna@gmail.com')
    expect(chosen).toMatchObject({
      source: 'preset',
      from: 'gmail.com',
      smtp: tls('smtp.gmail.com', 465),
      imap: tls('imap.gmail.com', 993),
      smtpUser: 'anna@gmail.com',
      authentication: ['app-password', 'oauth'],
    })
    expect(discovery.provider).toEqual({ id: 'gmail', name: 'Gmail' })
    expect(codesOf(discovery)).toContain('app-password-with-two-step')
    expect([calls, fetched, probed]).toEqual([[], [], []])
  })

  it.each([
    ['anna@icloud.com', 'icloud', 'anna@icloud.com', 'anna', 'app-password-with-two-step'],
    ['anna@naver.com', 'naver', 'anna', 'anna', 'imap-to-be-enabled'],
    ['anna@outlook.com', 'outlook-com', 'anna@outlook.com', 'anna@outlook.com', 'oauth-only'],
    ['anna@proton.me', 'proton', 'anna@proton.me', 'anna@proton.me', 'bridge-needed'],
    ['anna@yahoo.co.uk', 'yahoo', 'anna@yahoo.co.uk', 'anna@yahoo.co.uk', 'app-password-needed'],
    ['anna@qq.com', 'qq-mail', 'anna@qq.com', 'anna@qq.com', 'authorisation-code-needed'],
  ])('%s logs in as %s', async (address, id, smtpUser, imapUser, rule) => {
    const { discovery, chosen } = await discover(address)
    expect(discovery.provider?.id).toBe(id)
    expect(chosen).toMatchObject({ smtpUser, imapUser })
    expect(codesOf(discovery)).toContain(rule)
  })

  it('puts the domain of the address into the names of servers where they differ by it', async () => {
    const { chosen } = await discover('anna@126.com')
    expect(chosen).toMatchObject({ smtp: { host: 'smtp.126.com' }, imap: { host: 'imap.126.com' } })
  })

  it('without IMAP or SMTP has rules and no servers', async () => {
    const { discovery } = await discover('anna@tuta.com')
    expect(discovery).toMatchObject({ candidates: [], chosen: null, provider: { id: 'tuta' } })
    expect(codesOf(discovery)).toEqual(['no-imap'])
  })

  it('is suggested for a domain one slip away', async () => {
    for (const [typed, meant] of [
      ['gmial.com', 'gmail.com'],
      ['gmal.com', 'gmail.com'],
      ['gmaill.com', 'gmail.com'],
      ['hotmail.co', 'hotmail.com'],
    ]) {
      expect((await discover(`anna@${typed}`)).discovery.suggestion).toBe(meant)
    }
    expect((await discover('anna@example.com')).discovery.suggestion).toBeNull()
    expect((await discover('anna@gmx.at')).discovery.suggestion).toBeNull()
  })
})

describe('the mail servers of the domain', () => {
  it.each([
    ['aspmx.l.google.com', 'google', 'smtp.gmail.com'],
    ['smtp.google.com', 'google', 'smtp.gmail.com'],
    ['example-com.mail.protection.outlook.com', 'microsoft365', 'smtp.office365.com'],
    ['example-com.a-v1.mx.microsoft', 'microsoft365', 'smtp.office365.com'],
    ['mx.zoho.eu', 'zoho-eu', 'smtppro.zoho.eu'],
    ['in1-smtp.messagingengine.com', 'fastmail', 'smtp.fastmail.com'],
    ['inbound-smtp.eu-west-1.amazonaws.com', 'amazon-workmail', 'smtp.mail.eu-west-1.awsapps.com'],
    ['mx00.kundenserver.de', 'ionos-de', 'smtp.ionos.de'],
    ['MX1.HOSTINGER.COM', 'hostinger', 'smtp.hostinger.com'],
    ['mail.protonmail.ch', 'proton', '127.0.0.1'],
  ])('%s tells %s', async (host, id, smtp) => {
    const { discovery, chosen, source, fetched, probed } = await discover('anna@example.com', {
      zone: { 'example.com': { MX: [`10 ${host}`] } },
    })
    expect(discovery.provider?.id).toBe(id)
    expect(chosen).toMatchObject({ source: 'mx', from: host.toLowerCase(), smtp: { host: smtp } })
    expect(source('mx')).toMatchObject({ state: 'found' })
    expect(probed).toEqual([])
    expect(fetched.length).toBeLessThanOrEqual(2)
  })

  it('a name that only ends like a provider’s is nobody’s', async () => {
    const { discovery } = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['10 aspmx.notgoogle.com'] } },
    })
    expect(discovery).toMatchObject({ provider: null, candidates: [], chosen: null })
  })

  it('the one with the lowest preference is asked first', async () => {
    const { discovery } = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['20 mx.zoho.com', '10 aspmx.l.google.com'] } },
    })
    expect(discovery.provider?.id).toBe('google')
  })

  it('that only forward leave rules and no servers', async () => {
    const { discovery } = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['10 route1.mx.cloudflare.net'] } },
    })
    expect(discovery).toMatchObject({ provider: { id: 'cloudflare-routing' }, chosen: null })
    expect(codesOf(discovery)).toEqual(['forwarding-only'])
  })

  it('behind a filter, autodiscover tells Microsoft 365', async () => {
    const { chosen, discovery } = await discover('anna@example.com', {
      zone: {
        'example.com': { MX: ['10 mx1.filter.example'] },
        'autodiscover.example.com': { CNAME: 'autodiscover.outlook.com' },
      },
    })
    expect(chosen).toMatchObject({ source: 'autodiscover', from: 'autodiscover.example.com' })
    expect(codesOf(discovery)).toEqual(
      expect.arrayContaining(['imap-oauth-only', 'smtp-password-ending', 'smtp-login-off-by-default']),
    )
  })
})

describe('service records', () => {
  const own = { 'example.com': { MX: ['10 mx.example.com'] } }
  const srv = (records: Record<string, string[]>): ZoneText => ({
    ...own,
    ...Object.fromEntries(
      Object.entries(records).map(([name, SRV]) => [`_${name}._tcp.example.com`, { SRV }]),
    ),
  })

  it.each<[string, Record<string, string[]>, object]>([
    [
      'TLS before STARTTLS',
      {
        imaps: ['0 1 993 imap.example.com'],
        imap: ['0 1 143 imap.example.com'],
        submissions: ['0 1 465 smtp.example.com'],
        submission: ['0 1 587 smtp.example.com'],
      },
      { smtp: tls('smtp.example.com', 465), imap: tls('imap.example.com', 993) },
    ],
    [
      '465 under _submission is TLS all the same',
      { submission: ['0 1 465 smtp.example.com'], imap: ['0 1 993 imap.example.com'] },
      { smtp: tls('smtp.example.com', 465), imap: tls('imap.example.com', 993) },
    ],
    [
      'priority, then weight',
      {
        submission: ['10 9 587 c.example.com', '5 1 587 b.example.com', '5 7 587 a.example.com'],
        imaps: ['0 1 993 imap.example.com'],
      },
      { smtp: { host: 'a.example.com', port: 587, security: 'starttls' } },
    ],
    [
      'a service that is not offered',
      {
        submissions: ['0 0 0 .'],
        submission: ['0 1 587 smtp.example.com'],
        imaps: ['0 0 0 .'],
        imap: ['0 0 0 .'],
      },
      { smtp: { host: 'smtp.example.com', port: 587, security: 'starttls' }, imap: null },
    ],
  ])('%s', async (_, records, candidate) => {
    const { chosen } = await discover('anna@example.com', { zone: srv(records) })
    expect(chosen).toMatchObject({ source: 'srv', trusted: true, ...candidate })
  })

  it('that offer nothing are an answer', async () => {
    const { source, chosen } = await discover('anna@example.com', {
      zone: srv({ submissions: ['0 0 0 .'], submission: ['0 0 0 .'], imaps: ['0 0 0 .'] }),
    })
    expect(source('srv')).toEqual({ source: 'srv', state: 'absent', reason: 'not-offered' })
    expect(chosen).toBeNull()
  })

  it('that lead in a circle could not be looked up', async () => {
    const { source, chosen } = await discover('anna@example.com', {
      zone: {
        ...own,
        '_submissions._tcp.example.com': { CNAME: 'a.example.com' },
        'a.example.com': { CNAME: '_submissions._tcp.example.com' },
      },
    })
    expect(source('srv')).toMatchObject({ state: 'unavailable', reason: 'cname-loop' })
    expect(chosen).toBeNull()
  })

  it('do not turn IMAP that could not be looked up into none', async () => {
    const { source, discovery } = await discover('anna@example.com', {
      zone: {
        ...srv({ submissions: ['0 1 465 smtp.example.com'] }),
        '_imaps._tcp.example.com': { unavailable: 'servfail' },
      },
    })
    expect(source('srv')).toMatchObject({ state: 'unavailable', reason: 'servfail' })
    expect(discovery.candidates).toEqual([])
  })

  it('that lead to another organisation are shown and not chosen', async () => {
    const records = { submissions: ['0 1 465 smtp.elsewhere.net'], imaps: ['0 1 993 imap.elsewhere.net'] }
    const { discovery } = await discover('anna@example.com', { zone: srv(records) })
    expect(discovery.chosen).toBeNull()
    expect(discovery.candidates).toMatchObject([
      { source: 'srv', trusted: false, distrust: 'other-organisation', smtp: { host: 'smtp.elsewhere.net' } },
    ])
  })

  it.each<[string, ZoneText]>([
    ['the mail of the domain goes there too', { 'example.com': { MX: ['10 mx.elsewhere.net'] } }],
    [
      'the resolver vouches for the records',
      {
        '_submissions._tcp.example.com': { SRV: ['0 1 465 smtp.elsewhere.net'], authenticated: true },
        '_imaps._tcp.example.com': { SRV: ['0 1 993 imap.elsewhere.net'], authenticated: true },
      },
    ],
  ])('are trusted when %s', async (_, more) => {
    const records = { submissions: ['0 1 465 smtp.elsewhere.net'], imaps: ['0 1 993 imap.elsewhere.net'] }
    const { chosen } = await discover('anna@example.com', { zone: { ...srv(records), ...more } })
    expect(chosen).toMatchObject({ source: 'srv', smtp: { host: 'smtp.elsewhere.net' } })
  })

  it('tell the provider by its servers', async () => {
    const { discovery } = await discover('anna@example.com', {
      zone: srv({ submissions: ['0 1 465 smtp.fastmail.com'], imaps: ['0 1 993 imap.fastmail.com'] }),
    })
    expect(discovery.candidates[0]).toMatchObject({
      provider: { id: 'fastmail' },
      authentication: ['app-password'],
    })
  })
})

describe('a configuration the domain publishes', () => {
  const zoneOf = { 'example.com': { MX: ['10 mx.example.com'] } }

  it('is taken, the name autoconfig before the well-known path', async () => {
    const { chosen, fetched } = await discover('anna@example.com', {
      zone: zoneOf,
      pages: {
        [autoconfigPage]: config('imap.example.com', 'smtp.example.com'),
        [wellKnownPage]: config('other.example.com', 'other.example.com'),
      },
    })
    expect(chosen).toMatchObject({
      source: 'autoconfig',
      from: autoconfigPage,
      smtp: tls('smtp.example.com', 465),
      imap: tls('imap.example.com', 993),
      smtpUser: 'anna',
      imapUser: 'anna@example.com',
    })
    expect(fetched.every(url => url.startsWith('https://'))).toBe(true)
    expect(fetched.filter(url => url.includes('anna'))).toEqual([
      `${autoconfigPage}?emailaddress=anna%40example.com`,
    ])
  })

  it('that sends the password elsewhere is not trusted, unless the mail goes there too', async () => {
    const pages = { [wellKnownPage]: config('imap.elsewhere.net', 'smtp.elsewhere.net') }
    const { discovery } = await discover('anna@example.com', { zone: zoneOf, pages })
    expect(discovery.chosen).toBeNull()
    expect(discovery.candidates[0]).toMatchObject({ source: 'autoconfig', distrust: 'other-organisation' })
    const agreed = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['10 mx.elsewhere.net'] } },
      pages,
    })
    expect(agreed.chosen).toMatchObject({ source: 'autoconfig' })
  })

  it.each<[string, string | Partial<HttpsAnswer>, string, string]>([
    ['a page that is not there', { state: 'answered', status: 404, body: 'no' }, 'absent', 'null'],
    ['a web page', '<html><body>Hello</body></html>', 'absent', 'not-autoconfig'],
    ['a server in trouble', { state: 'answered', status: 503, body: '' }, 'unavailable', 'status'],
    ['a page that timed out', { state: 'unavailable', reason: 'timeout' }, 'unavailable', 'timeout'],
    [
      'a certificate of another name',
      { state: 'failed', fault: 'certificate-name', detail: null },
      'absent',
      'certificate-name',
    ],
    ['10 MB', { state: 'failed', fault: 'too-large', detail: null }, 'absent', 'too-large'],
  ])('%s', async (_, page, state, reason) => {
    const { source, chosen } = await discover('anna@example.com', {
      zone: zoneOf,
      pages: { [autoconfigPage]: page },
    })
    expect(source('autoconfig')).toMatchObject({ state })
    expect(String(source('autoconfig')?.reason)).toBe(reason)
    expect(chosen).toBeNull()
  })
})

describe('bundled configurations', () => {
  it('are known by the domain, and by the organisation of its mail servers', async () => {
    const direct = await discover('anna@free.fr')
    expect(direct.chosen).toMatchObject({ source: 'bundled', from: 'free.fr', smtpUser: 'anna' })
    const byMx = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['10 mx01.earthlink.net'] } },
    })
    expect(byMx.chosen).toMatchObject({
      source: 'bundled',
      from: 'earthlink.net',
      smtp: { host: 'smtpauth.earthlink.net' },
    })
  })
})

describe('guesses', () => {
  const zoneOf = { 'example.com': { MX: ['10 mx.example.com'] } }

  it('are taken where mail servers greet', async () => {
    const { chosen, probed } = await discover('anna@example.com', {
      zone: zoneOf,
      servers: { 'mail.example.com:993': greets, 'mail.example.com:587': greets },
    })
    expect(chosen).toMatchObject({
      source: 'guess',
      trusted: true,
      smtp: { host: 'mail.example.com', port: 587, security: 'starttls' },
      imap: tls('mail.example.com', 993),
    })
    expect(probed.toSorted()).toEqual(
      [
        ...['imap', 'mail', 'mx'].map(name => `imap ${name}.example.com:993`),
        ...['smtp', 'mail', 'mx'].flatMap(name => [
          `smtp ${name}.example.com:465`,
          `smtp ${name}.example.com:587`,
        ]),
      ].toSorted(),
    )
  })

  it('knock at no door of another organisation', async () => {
    const { probed } = await discover('anna@example.com', {
      zone: { 'example.com': { MX: ['10 mx.filter.test'] } },
    })
    expect(probed.filter(text => text.includes('filter.test'))).toEqual([])
  })

  it('with a certificate for another name are shown and not chosen', async () => {
    const bad: Greeting = { state: 'greets', certificate: 'bad' }
    const { discovery } = await discover('anna@example.com', {
      zone: zoneOf,
      servers: { 'imap.example.com:993': bad, 'smtp.example.com:465': bad },
    })
    expect(discovery).toMatchObject({
      chosen: null,
      candidates: [{ source: 'guess', distrust: 'certificate' }],
    })
  })

  it('are not made while a record says where the servers are', async () => {
    const { probed, source } = await discover('anna@example.com', {
      zone: {
        ...zoneOf,
        '_submissions._tcp.example.com': { SRV: ['0 1 465 smtp.example.com'] },
      },
    })
    expect(probed).toEqual([])
    expect(source('guess')).toMatchObject({ state: 'skipped' })
  })

  it('that could not be tried are not "nothing there"', async () => {
    const late: Greeting = { state: 'unavailable', reason: 'timeout' }
    const { source } = await discover('anna@example.com', {
      zone: zoneOf,
      servers: { 'smtp.example.com:465': late },
    })
    expect(source('guess')).toMatchObject({ state: 'unavailable', reason: 'timeout' })
    const half = await discover('anna@example.com', {
      zone: zoneOf,
      servers: { 'smtp.example.com:465': greets, 'imap.example.com:993': late },
    })
    expect(half.discovery.candidates).toEqual([])
    expect(half.source('guess')).toMatchObject({ state: 'unavailable' })
  })
})

describe('when nobody can be asked', () => {
  it('no source says that there is nothing', async () => {
    const unavailable = { state: 'unavailable', reason: 'network-unreachable' } as const
    const { discovery } = await discover('anna@example.com', {
      zone: {
        'example.com': { unavailable: 'timeout' },
        'autodiscover.example.com': { unavailable: 'timeout' },
        ...Object.fromEntries(
          ['imaps', 'imap', 'submissions', 'submission'].map(name => [
            `_${name}._tcp.example.com`,
            { unavailable: 'timeout' as const },
          ]),
        ),
      },
      pages: { [autoconfigPage]: unavailable, [wellKnownPage]: unavailable },
      servers: Object.fromEntries(
        ['imap', 'smtp', 'mail'].flatMap(name =>
          [993, 465, 587].map(port => [`${name}.example.com:${port}`, unavailable]),
        ),
      ),
    })
    expect(discovery).toMatchObject({ provider: null, candidates: [], chosen: null })
    const states = Object.fromEntries(discovery.sources.map(({ source, state }) => [source, state]))
    expect(states).toEqual({
      preset: 'absent',
      mx: 'unavailable',
      autodiscover: 'unavailable',
      srv: 'unavailable',
      autoconfig: 'unavailable',
      bundled: 'unavailable',
      guess: 'unavailable',
    })
  })

  it('what was cancelled counts as not looked at', async () => {
    const { discovery } = await discover('anna@example.com', { signal: AbortSignal.abort() })
    expect(discovery.sources.some(({ state }) => state === 'skipped')).toBe(true)
    expect(discovery.chosen).toBeNull()
  })
})

it('tells every candidate and the end of every source it waited for', async () => {
  const { events, discovery } = await discover('anna@example.com', {
    zone: { 'example.com': { MX: ['10 mx.example.com'] } },
    pages: { [autoconfigPage]: config('imap.example.com', 'smtp.example.com') },
  })
  const ended = events.flatMap(event => (event.kind === 'source' ? [event.outcome] : []))
  for (const outcome of ended) expect(discovery.sources).toContainEqual(outcome)
  expect(events.filter(({ kind }) => kind === 'candidate')).toHaveLength(1)
})
