import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { blacklistKindSchema, blacklistWeightSchema, listingStateSchema } from '#shared/model/blacklist.ts'
import { type RblZone, startRbldnsd } from '../helpers/rbldnsd.ts'
import { noteSkipped } from '../helpers/skipped.ts'

/** Lists as their operators run them: the test entry, one listing each, and a closed one that lists everything. */
const zones: readonly RblZone[] = [
  {
    zone: 'zen.spamhaus.org',
    type: 'ip4set',
    data: ':127.0.0.2:https://check.example/$\n127.0.0.2\n192.0.2.1\n192.0.2.16/28 :127.0.0.10:PBL $\n',
  },
  { zone: 'zen.spamhaus.org', type: 'ip6trie', data: ':127.0.0.3:CSS $\n::ffff:7f00:2\n2001:db8::/32\n' },
  {
    zone: 'bl.spamcop.net',
    type: 'ip4set',
    data: ':127.0.0.2:Blocked, see https://spamcop.example/$\n127.0.0.2\n',
  },
  { zone: 'psbl.surriel.com', type: 'ip4set', data: ':127.0.0.2:Everything\n0.0.0.0/1\n128.0.0.0/1\n' },
  { zone: 'dnsbl.dronebl.org', type: 'ip4set', data: ':127.255.255.254:Refused\n0.0.0.0/1\n128.0.0.0/1\n' },
  {
    zone: 'dbl.spamhaus.org',
    type: 'dnset',
    data: ':127.0.1.2:https://check.example/$\ndbltest.com\nbad.example.org\n',
  },
  {
    zone: 'multi.surbl.org',
    type: 'dnset',
    data: ':127.0.0.72:See surbl\nsurbl-org-permanent-test-point.com\nexample.org\n',
  },
]

const server = await startRbldnsd(zones)
if (server === null) noteSkipped('Blacklists against rbldnsd', 'rbldnsd is not installed')
afterAll(() => server?.stop())

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))

async function rookery(...words: string[]) {
  const child = spawn(process.execPath, [main, 'blacklists', ...words], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  child.stdin.end()
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: code as number | null, stdout, stderr }
}

/** The documented shape, written out once more. */
const lineShape = z.strictObject({
  target: z.string(),
  kind: blacklistKindSchema,
  lists: z.array(
    z.strictObject({
      zone: z.string(),
      state: listingStateSchema,
      codes: z.array(z.string()),
      meaning: z.string().nullable(),
      reason: z.string().nullable(),
      delistUrl: z.string().nullable(),
      weight: blacklistWeightSchema,
    }),
  ),
})

describe.skipIf(server === null)('rookery blacklists against rbldnsd', () => {
  const resolver = server?.address ?? ''

  test('tells listings with code, meaning, words and page, for each target one line', async () => {
    const { code, stdout, stderr } = await rookery(
      '192.0.2.1',
      '2001:db8::25',
      'news.bad.example.org',
      '--json',
      '--resolver',
      resolver,
    )
    expect(stderr).toBe('')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => lineShape.parse(JSON.parse(line)))
    expect(lines.map(({ target, kind }) => [target, kind])).toEqual([
      ['192.0.2.1', 'ip4'],
      ['2001:db8::25', 'ip6'],
      ['news.bad.example.org', 'domain'],
    ])
    const of = (target: number, zone: string) => lines[target]?.lists.find(list => list.zone === zone)
    expect(of(0, 'zen.spamhaus.org')).toEqual({
      zone: 'zen.spamhaus.org',
      state: 'listed',
      codes: ['127.0.0.2'],
      meaning: 'Spamhaus blocklist (SBL): a source of spam.',
      reason: 'https://check.example/192.0.2.1',
      delistUrl: 'https://check.spamhaus.org/results/?query=192.0.2.1',
      weight: 3,
    })
    expect(of(0, 'bl.spamcop.net')).toMatchObject({ state: 'not-listed', codes: [], reason: null })
    expect(of(0, 'psbl.surriel.com')).toMatchObject({ state: 'dead-zone', reason: 'lists-everything' })
    expect(of(0, 'dnsbl.dronebl.org')).toMatchObject({ state: 'refused', reason: 'public-resolver' })
    expect(of(1, 'zen.spamhaus.org')).toMatchObject({ state: 'listed', codes: ['127.0.0.3'] })
    expect(of(2, 'dbl.spamhaus.org')).toMatchObject({ state: 'not-listed' })
    expect(of(2, 'multi.surbl.org')).toMatchObject({ state: 'listed', codes: ['127.0.0.72'], weight: 3 })
    expect(of(2, 'multi.surbl.org')?.meaning).toMatch(/PH.*ABUSE/)
    // The others are not served here; none of them may be read as an answer.
    expect(lines[0]?.lists.filter(list => list.zone === 'all.s5h.net')).toMatchObject([
      { state: 'unavailable' },
    ])
    expect(code).toBe(1)
  })

  test('is readable by a person, worst first, and exits 3 where something stayed open', async () => {
    const { code, stdout } = await rookery('198.51.100.7', '--resolver', resolver)
    expect(stdout).toMatch(/^198\.51\.100\.7 {2}0 of \d+ lists/)
    expect(stdout).toMatch(/dnsbl\.dronebl\.org +Refused/)
    expect(stdout).toMatch(/psbl\.surriel\.com +List is dead/)
    expect(stdout).toMatch(/✓ Not listed: (?:.|\n)*bl\.spamcop\.net/)
    expect(code).toBe(3)
  })
})

describe('rookery blacklists', () => {
  test('refuses what cannot be looked up, without asking anyone', async () => {
    for (const words of [[], ['exa mple.com'], ['192.0.2.1', '--resolver', 'nowhere']]) {
      const { code, stdout, stderr } = await rookery(...words)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^rookery: /)
    }
  })
})
