import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordPlan, RequiredRecord } from '#shared/model/record-plan.ts'
import { characterStrings, quotedStrings } from '#shared/record-text/character-strings.ts'
import { zoneText } from '#shared/record-text/zone-text.ts'
import { readZoneText } from '../../helpers/read-zone-text.ts'

function planOf(records: Partial<RequiredRecord>[], more: Partial<RecordPlan> = {}): RecordPlan {
  return {
    domain: 'mail.example.com',
    zone: 'example.com',
    dnsProvider: null,
    mailProvider: null,
    dmarc: { published: null, planned: 'none' },
    policyFile: null,
    problems: [],
    leftOut: [],
    incomplete: false,
    checkedAt: null,
    ...more,
    records: records.map(record => ({
      check: 'spf',
      type: 'TXT',
      name: 'mail.example.com',
      value: '',
      enterName: 'mail',
      enterValue: '',
      action: 'add',
      current: null,
      ...record,
    })),
  }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 700 }),
  fc.string({ unit: fc.constantFrom('"', '\\', ';', 'a', '\n', 'ü', '🐧', ' '), maxLength: 700 }),
)

describe('character-strings', () => {
  test('are at most 255 octets each and join to the value', () => {
    fc.assert(
      fc.property(anyText, text => {
        const strings = characterStrings(text)
        expect(strings.join('')).toBe(text)
        for (const part of strings) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255)
      }),
    )
  })
  test('are as few as can be', () => {
    expect(characterStrings('a'.repeat(255))).toHaveLength(1)
    expect(characterStrings('a'.repeat(256)).map(part => part.length)).toEqual([255, 1])
    expect(characterStrings(`${'a'.repeat(254)}ü`).map(part => part.length)).toEqual([254, 1])
    expect(quotedStrings('')).toBe('""')
  })
})

describe('zone text', () => {
  test('read back, it holds exactly the records to add and to replace', () => {
    const label = fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,20}$/)
    const record = fc.oneof(
      fc.record({ type: fc.constant('TXT' as const), value: anyText }),
      fc.record({ type: fc.constant('CNAME' as const), value: label.map(name => `${name}.example.net`) }),
      fc.record({
        type: fc.constant('MX' as const),
        value: fc.tuple(fc.nat(65_535), label).map(([number, host]) => `${number} ${host}.example.net`),
      }),
    )
    const entry = fc
      .tuple(
        record,
        fc.option(label),
        fc.constantFrom('add', 'replace', 'keep', 'provider'),
        fc.option(anyText),
      )
      .map(([data, owner, action, current]) => ({
        ...data,
        name: owner === null ? 'example.com' : `${owner}.example.com`,
        action: action as RequiredRecord['action'],
        current,
      }))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), records => {
        const plan = planOf(records)
        const read = readZoneText(zoneText(plan))
        expect(read.records).toEqual(
          records
            .filter(({ action }) => action === 'add' || action === 'replace')
            .map(({ name, type, value }) => ({ name, type, value })),
        )
        for (const part of read.strings) expect(part.length).toBeLessThanOrEqual(255)
      }),
    )
  })
  test('names are relative, targets end with a dot, a null MX stays one', () => {
    const lines = zoneText(
      planOf([
        { name: 'example.com', type: 'MX', value: '0 .' },
        { name: 'k1._domainkey.mail.example.com', type: 'CNAME', value: 'k1.example.net' },
      ]),
    ).split('\n')
    expect(lines).toContain('$ORIGIN example.com.')
    expect(lines.find(line => line.startsWith('@ '))).toMatch(/ IN MX +0 \.$/)
    expect(lines.find(line => line.startsWith('k1._domainkey.mail '))).toMatch(
      / IN CNAME k1\.example\.net\.$/,
    )
  })
  test('what must make way, stands already or cannot be written down is a comment', () => {
    const text = zoneText(
      planOf(
        [
          { value: 'v=spf1 -all', action: 'replace', current: 'v=spf1 a\nv=spf1 b' },
          { value: 'v=DMARC1; p=none', action: 'keep', name: '_dmarc.mail.example.com' },
          { value: null, action: 'keep', name: 'a.example.com' },
          { value: null, action: 'provider', name: 'b.example.com' },
          { value: 'v=DMARC1; p=none', action: 'replace', name: '_dmarc.com' },
        ],
        {
          policyFile: {
            host: 'mta-sts.example.com',
            url: 'https://mta-sts.example.com/x',
            text: 'version: STSv1\nmode: testing\n',
            mode: 'testing',
          },
        },
      ),
    )
    expect(text).toContain('; Take away: v=spf1 a\n; Take away: v=spf1 b\n')
    expect(text).toContain('; In place: _dmarc.mail.example.com TXT v=DMARC1; p=none\n')
    expect(text).toContain('; Could not be looked up: a.example.com TXT\n')
    expect(text).toContain('; From your mail provider: b.example.com TXT\n')
    expect(text).toContain('; Outside example.com, publish it there: _dmarc.com TXT')
    expect(text).toContain(';   mode: testing\n')
    expect(readZoneText(text).records).toHaveLength(1)
  })
})
