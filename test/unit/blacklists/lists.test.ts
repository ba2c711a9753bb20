import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  activeLists,
  deniedBy,
  deniedZones,
  delistHosts,
  delistUrlFor,
  knownLists,
  refuseDenied,
} from '#engine/blacklists/lists.ts'
import { blacklistSchema, deniedZoneSchema } from '#shared/model/blacklist.ts'

const none = { on: [], off: [], custom: [] }
const zonesOf = (lists: readonly { zone: string }[]) => lists.map(({ zone }) => zone)

describe('the data', () => {
  test('has the shape it is read with', () => {
    expect(z.array(blacklistSchema).safeParse(knownLists).error).toBeUndefined()
    expect(z.array(deniedZoneSchema).safeParse(deniedZones).error).toBeUndefined()
  })

  test('names each zone once, and none that is denied', () => {
    expect(new Set(zonesOf(knownLists)).size).toBe(knownLists.length)
    expect(new Set(zonesOf(deniedZones)).size).toBe(deniedZones.length)
    expect(knownLists.filter(list => deniedBy(list.zone) !== null)).toEqual([])
  })

  test('has no code that would take in the error addresses', () => {
    const wide = knownLists.flatMap(list =>
      list.codes.filter(code => 'address' in code && code.address.split('.').slice(1).includes('255')),
    )
    expect(wide.every(code => code.says === 'refused')).toBe(true)
  })
})

describe('the deny-list', () => {
  test('takes in the zone and every name below it, and nothing that only looks alike', () => {
    expect(deniedBy('dnsbl.sorbs.net')).toMatchObject({ since: '2024-06-05', reason: 'closed' })
    expect(deniedBy('Spam.DNSBL.sorbs.net.')).not.toBeNull()
    expect(deniedBy('notsorbs.net')).toBeNull()
    expect(deniedBy('bl.spamcop.net')).toBeNull()
  })

  test('refuses with the reason', () => {
    expect(refuseDenied('relays.ordb.org')).toMatchObject({
      ok: false,
      failure: { code: 'blacklist-denied', detail: { zone: 'relays.ordb.org', reason: 'lists-everything' } },
    })
  })

  test('holds for a custom list that was stored before the zone was denied', () => {
    const custom = [{ zone: 'dnsbl.sorbs.net', kinds: ['ip4' as const], weight: 1 as const, delistUrl: null }]
    expect(zonesOf(activeLists({ ...none, custom }, {}))).not.toContain('dnsbl.sorbs.net')
  })
})

describe('the lists that are asked', () => {
  test('follow the defaults and the choice', () => {
    const zones = zonesOf(activeLists(none, {}))
    expect(zones).toContain('zen.spamhaus.org')
    expect(zones).not.toContain('bl.score.senderscore.com')
    expect(zones).not.toContain('combined.mail.abusix.zone')
    const chosen = zonesOf(
      activeLists({ ...none, on: ['ips.backscatterer.org'], off: ['zen.spamhaus.org'] }, {}),
    )
    expect(chosen).toContain('ips.backscatterer.org')
    expect(chosen).not.toContain('zen.spamhaus.org')
  })

  test('are asked in their own zones with a key, under the name everyone knows', () => {
    const lists = activeLists(none, { spamhaus: 'abc123', abusix: 'def456' })
    const zen = lists.find(list => list.zone === 'zen.spamhaus.org')
    expect(zen).toMatchObject({ queryZone: 'abc123.zen.dq.spamhaus.net', hasKey: true })
    expect(lists.find(list => list.zone === 'combined.mail.abusix.zone')?.queryZone).toBe(
      'def456.combined.mail.abusix.zone',
    )
  })

  test('include custom ones, which list by any code', () => {
    const custom = [{ zone: 'bl.own.example', kinds: ['ip4' as const], weight: 1 as const, delistUrl: null }]
    expect(activeLists({ ...none, custom }, {}).at(-1)).toMatchObject({
      zone: 'bl.own.example',
      queryZone: 'bl.own.example',
    })
    expect(zonesOf(activeLists({ ...none, custom, off: ['bl.own.example'] }, {}))).not.toContain(
      'bl.own.example',
    )
  })
})

test('a delisting page is made for the target, and its host may be opened', () => {
  const spamcop = knownLists.find(list => list.zone === 'bl.spamcop.net')
  expect(spamcop && delistUrlFor(spamcop, '2001:db8::1')).toBe(
    'https://www.spamcop.net/w3m?action=checkblock&ip=2001%3Adb8%3A%3A1',
  )
  expect(delistHosts).toContain('check.spamhaus.org')
})
