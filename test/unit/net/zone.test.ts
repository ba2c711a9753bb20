import { describe, expect, it } from 'vitest'
import { zoneAsk } from '#engine/net/zone.ts'
import { parseZoneFile } from '#engine/net/zone-file.ts'
import type { RecordType } from '#shared/model/lookup.ts'

const ask = (text: string, origin: string | null = null) => zoneAsk(parseZoneFile(text, { origin }), 'a.zone')

/** What is as in a world of literal zones is tested with the helper, in `test/unit/domains/zone.test.ts`. */
describe('answers from a zone file', () => {
  const world = ask(`
$ORIGIN example.com.
@ 900 SOA ns host 1 2 3 4 120
@ 60 NS ns
ns 60 A 192.0.2.1
deep.under 60 TXT x
alias 30 CNAME www
www 60 A 192.0.2.2
www 20 A 192.0.2.3
out 60 CNAME mail.example.net.
*.wild 60 TXT any
*.linked 60 CNAME www
loop 60 CNAME loop2
loop2 60 CNAME loop
sub 60 NS ns.sub
sub 60 DS 1 2 3 aa
ns.sub 60 A 192.0.2.9
_sip._tcp 60 NAPTR 1 2 u E2U+sip !^.*$!sip:a@example.com! .
moved 60 DNAME example.net.
flat 60 ALIAS host.example.net.
broken 60 TXT "open
broken 60 A 192.0.2.4
odd 60 WHAT x
odd 60 A 192.0.2.5
`)

  it.each<[name: string, type: RecordType, expected: object]>([
    ['example.com', 'SOA', { state: 'found', ttlS: 900, server: 'a.zone' }],
    ['www.example.com', 'A', { state: 'found', values: ['192.0.2.2', '192.0.2.3'], ttlS: 20 }],
    ['alias.example.com', 'A', { state: 'found', ttlS: 20, aliases: ['www.example.com'] }],
    [
      'alias.example.com',
      'TXT',
      { state: 'absent', reason: 'nodata', ttlS: 30, aliases: ['www.example.com'] },
    ],
    ['none.example.com', 'A', { state: 'absent', reason: 'nxdomain', ttlS: 120 }],
    ['under.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['_tcp.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['_sip._tcp.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['a.b.wild.example.com', 'TXT', { state: 'found', values: [{ strings: ['any'] }] }],
    ['x.linked.example.com', 'A', { state: 'found', aliases: ['www.example.com'] }],
    ['wild.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    // outside, or handed on: unknown, never absent
    ['example.net', 'A', { state: 'unavailable', reason: 'not-in-zone' }],
    ['com', 'NS', { state: 'unavailable', reason: 'not-in-zone' }],
    ['_dmarc.com', 'TXT', { state: 'unavailable', reason: 'not-in-zone' }],
    ['out.example.com', 'A', { state: 'unavailable', reason: 'not-in-zone', detail: 'mail.example.net' }],
    ['out.example.com', 'CNAME', { state: 'found', values: ['mail.example.net'] }],
    ['example.com', 'DS', { state: 'unavailable', reason: 'not-in-zone' }],
    ['sub.example.com', 'NS', { state: 'found' }],
    ['sub.example.com', 'DS', { state: 'found' }],
    ['sub.example.com', 'MX', { state: 'unavailable', reason: 'not-in-zone' }],
    ['ns.sub.example.com', 'A', { state: 'unavailable', reason: 'not-in-zone' }],
    ['_dmarc.sub.example.com', 'TXT', { state: 'unavailable', reason: 'not-in-zone' }],
    ['x.moved.example.com', 'A', { state: 'unavailable', reason: 'not-in-zone' }],
    ['moved.example.com', 'A', { state: 'absent', reason: 'nodata' }],
    ['flat.example.com', 'A', { state: 'unavailable', reason: 'not-in-zone' }],
    ['flat.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['loop.example.com', 'A', { state: 'unavailable', reason: 'cname-loop' }],
    // lines that could not be read
    ['broken.example.com', 'TXT', { state: 'unavailable', reason: 'zone-unreadable' }],
    ['broken.example.com', 'A', { state: 'found' }],
    ['odd.example.com', 'A', { state: 'unavailable', reason: 'zone-unreadable' }],
    ['odd.example.com', 'MX', { state: 'unavailable', reason: 'zone-unreadable' }],
  ])('%s %s', async (name, type, expected) => {
    expect(await world(name, type)).toMatchObject({ name, type, ...expected })
  })
})

it('knows of single records only what they say', async () => {
  const answer = ask(
    'example.com. 60 MX 10 mx.example.com.\na.example.com. 60 CNAME b.example.com.\nb.example.com. 60 A 192.0.2.1',
  )
  expect(await answer('example.com', 'MX')).toMatchObject({ state: 'found' })
  expect(await answer('a.example.com', 'A')).toMatchObject({ state: 'found', aliases: ['b.example.com'] })
  expect(await answer('example.com', 'TXT')).toMatchObject({ state: 'unavailable', reason: 'not-in-zone' })
  expect(await answer('mx.example.com', 'A')).toMatchObject({ state: 'unavailable', reason: 'not-in-zone' })
})

it('does not let a wildcard reach over a name that exists, nor into another zone', async () => {
  const answer = ask(`
example.com. 60 SOA a. b. 1 2 3 4 5
*.example.com. 60 TXT wild
there.example.com. 60 A 192.0.2.1
own.example.com. 60 SOA a. b. 1 2 3 4 5
own.example.com. 60 NS ns.example.net.
`)
  expect(await answer('x.example.com', 'TXT')).toMatchObject({ state: 'found' })
  expect(await answer('x.there.example.com', 'TXT')).toMatchObject({ state: 'absent', reason: 'nxdomain' })
  expect(await answer('x.own.example.com', 'TXT')).toMatchObject({ state: 'absent', reason: 'nxdomain' })
  expect(await answer('own.example.com', 'NS')).toMatchObject({ state: 'found' })
})

it('takes the root zone for the whole world, and its wildcard for every name', async () => {
  const answer = ask('. 60 SOA a. b. 1 2 3 4 5\nexample.com. 60 A 192.0.2.1')
  expect(await answer('nowhere.test', 'A')).toMatchObject({ state: 'absent', reason: 'nxdomain' })
  const wild = ask('. 60 SOA a. b. 1 2 3 4 5\n*. 60 TXT all')
  expect(await wild('nowhere.test', 'TXT')).toMatchObject({ state: 'found' })
})

it('may not be kept when the zone has no SOA', async () => {
  expect(await ask('$ORIGIN example.com.\n@ 60 A 192.0.2.1')('x.example.com', 'A')).toMatchObject({
    state: 'absent',
    ttlS: 0,
  })
})

it('puts a CNAME that points far, far on to an end', async () => {
  const chain = Array.from({ length: 30 }, (_, index) => `c${index} 60 CNAME c${index + 1}`).join('\n')
  expect(await ask(`$ORIGIN example.com.\n${chain}`)('c0.example.com', 'A')).toMatchObject({
    state: 'unavailable',
    reason: 'cname-loop',
  })
})
