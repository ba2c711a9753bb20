import { expect, it } from 'vitest'
import {
  joinZones,
  mailDomainsOf,
  readZone,
  zoneOfFileName,
  zoneSource,
} from '#engine/domains/offline/zone-source.ts'
import { parseZoneFile } from '#engine/net/zone-file.ts'

it('audits zones, and names of their own with MX, SPF or DMARC', () => {
  const file = parseZoneFile(`
$ORIGIN example.com.
@ 60 SOA a b 1 2 3 4 5
mail 60 MX 10 mx
mx 60 A 192.0.2.1
_spf 60 TXT "v=spf1 -all"
included 60 TXT "v=spf1 -all"
_dmarc.news 60 TXT "v=DMARC1; p=none"
*.any 60 MX 10 mx
_dmarc.*.any 60 TXT "v=DMARC1; p=none"
other.org. 60 TXT "v=spf1 -all"
`)
  expect(mailDomainsOf(file)).toEqual(['example.com', 'mail.example.com', 'news.example.com'])
})

it('takes single records for the domains they are of', () => {
  expect(
    mailDomainsOf(parseZoneFile('example.org. 60 TXT "v=spf1 -all"\nx.example.org. 60 A 192.0.2.1')),
  ).toEqual(['example.org'])
})

it('leaves out what only stands in a root zone beside others', () => {
  const file = parseZoneFile(
    '. 60 SOA a. b. 1 2 3 4 5\nprovider.net. 60 TXT "v=spf1 -all"\nmine.org. 60 SOA a. b. 1 2 3 4 5',
  )
  expect(mailDomainsOf(file)).toEqual(['mine.org'])
})

it.each([
  ['example.com.zone', 'example.com'],
  ['/etc/bind/db.example.com', 'example.com'],
  ['C:\\zones\\example.com.txt', 'example.com'],
  ['Example.COM', 'example.com'],
  ['demo.zone', null],
  ['export', null],
  ['records (1).txt', null],
])('reads the zone off the name %s', (name, zone) => {
  expect(zoneOfFileName(name)).toBe(zone)
})

it('takes the zone a person named before that of the file name, and refuses a name that is none', () => {
  const text = 'www 60 A 192.0.2.1'
  expect(readZone({ text, fileName: 'a.org.zone', origin: 'b.org' })).toMatchObject({
    ok: true,
    value: { zones: ['b.org'] },
  })
  expect(readZone({ text, fileName: 'a.org.zone', origin: ' ' })).toMatchObject({
    value: { zones: ['a.org'] },
  })
  expect(readZone({ text, fileName: null, origin: 'https://b.org' })).toMatchObject({
    ok: false,
    failure: { code: 'domain-has-scheme' },
  })
})

it('answers across files, where one hands a name on to another', async () => {
  const parent = parseZoneFile('$ORIGIN example.com.\n@ 60 SOA a b 1 2 3 4 5\nsub 60 NS ns.example.net.')
  const child = parseZoneFile('$ORIGIN sub.example.com.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 TXT "v=spf1 -all"')
  const { ask } = zoneSource(joinZones([parent, child]))
  expect(await ask('sub.example.com', 'TXT')).toMatchObject({ state: 'found' })
  expect(await zoneSource(parent).ask('sub.example.com', 'TXT')).toMatchObject({ reason: 'not-in-zone' })
})
