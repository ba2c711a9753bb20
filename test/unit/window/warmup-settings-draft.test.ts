import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WarmupSettings, warmupSettingsSchema } from '#shared/model/warmup.ts'
import { defaultSettings } from '#shared/warmup-ramps.ts'
import {
  draftOf,
  readDraft,
  type SettingsDraft,
  withStrategy,
} from '../../../src-renderer/features/warmup/settings/settings-draft.ts'

const usual = defaultSettings('conservative', 'Europe/Berlin')
const settings: WarmupSettings = {
  ...usual,
  strategy: 'custom',
  startPerDay: 3,
  customPerDay: [2, 4, 0, 6],
  window: { fromMinute: 8 * 60 + 30, toMinute: 24 * 60 },
  weekdays: [1, 2, 3, 4, 5],
  holidays: ['2026-12-24', '2026-12-25'],
}

test.each([['usual', usual] as const, ['own', settings] as const])(
  '%s settings come back as they went in',
  (_, given) => {
    expect(readDraft(draftOf(given))).toEqual({ ok: true, settings: given })
  },
)

describe('what is wrong is said at its field', () => {
  test.each<[Partial<SettingsDraft>, string]>([
    [{ target: '4' }, 'target'],
    [{ target: '51' }, 'target'],
    [{ target: 'ten' }, 'target'],
    [{ target: '' }, 'target'],
    [{ start: '1' }, 'start'],
    [{ start: '6' }, 'start'],
    [{ strategy: 'custom', custom: '' }, 'custom'],
    [{ strategy: 'custom', custom: '2 3 x' }, 'custom'],
    [{ strategy: 'custom', custom: '0 0' }, 'custom'],
    [{ strategy: 'custom', custom: '51' }, 'custom'],
    [{ strategy: 'custom', custom: '1 '.repeat(121) }, 'custom'],
    [{ from: '25:00' }, 'window'],
    [{ from: '9' }, 'window'],
    [{ from: '18:00', to: '09:00' }, 'window'],
    [{ to: '24:01' }, 'window'],
    [{ holidays: '24.12.' }, 'holidays'],
    [{ holidays: '2026-02-30' }, 'holidays'],
  ])('%j', (change, field) => {
    const read = readDraft({ ...draftOf(usual), ...change })
    expect(read.ok).toBe(false)
    expect(!read.ok && Object.keys(read.problems)).toEqual([field])
  })
})

test('a custom table that is not used may be anything', () => {
  expect(readDraft({ ...draftOf(usual), custom: 'x 99' }).ok).toBe(true)
})

test('lists may be separated as one likes, and days off are kept once and in order', () => {
  const read = readDraft({
    ...draftOf(usual),
    strategy: 'custom',
    custom: '2, 3;4\n5',
    holidays: '2026-12-25,2026-12-24 2026-12-25',
  })
  expect(read.ok && read.settings.customPerDay).toEqual([2, 3, 4, 5])
  expect(read.ok && read.settings.holidays).toEqual(['2026-12-24', '2026-12-25'])
})

test('another strategy brings its target, unless one was typed', () => {
  const draft = draftOf(usual)
  expect(withStrategy(draft, 'aggressive').target).toBe('20')
  expect(withStrategy({ ...draft, target: '33' }, 'aggressive').target).toBe('33')
  expect(withStrategy(draft, 'custom').target).toBe('40')
})

test('whatever is typed, what is read is what the engine takes', () => {
  const typed = fc.record({
    strategy: fc.constantFrom('conservative' as const, 'custom' as const),
    target: fc.oneof(fc.nat(60).map(String), fc.string()),
    start: fc.oneof(fc.nat(7).map(String), fc.constant('')),
    custom: fc.oneof(
      fc.array(fc.nat(60)).map(all => all.join(' ')),
      fc.string(),
    ),
    from: fc.oneof(fc.constantFrom('09:00', '0:00', '23:59'), fc.string()),
    holidays: fc.oneof(fc.constantFrom('2026-12-24', ''), fc.string()),
  })
  fc.assert(
    fc.property(typed, change => {
      const read = readDraft({ ...draftOf(usual), ...change })
      if (read.ok) expect(warmupSettingsSchema.safeParse(read.settings).success).toBe(true)
      else expect(Object.values(read.problems).length).toBeGreaterThan(0)
    }),
  )
})
