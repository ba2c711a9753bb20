import { describe, expect, test } from 'vitest'
import {
  choicesOf,
  domainOf,
  inboxShare,
  noWarmupFilter,
  orderWarmup,
  summariseWarmup,
} from '../../../src-renderer/features/warmup/list/order.ts'
import { boxOf, everyState } from '../../helpers/warmup-world.ts'

const rows = everyState.map(told => boxOf(told, Date.UTC(2026, 2, 20, 12)).row)
const addresses = (sort: Parameters<typeof orderWarmup>[1], filter = noWarmupFilter) =>
  orderWarmup(rows, sort, filter).map(({ address }) => address)

describe('the order', () => {
  test('what needs a person comes first, and within that by address', () => {
    const states = orderWarmup(rows, { by: 'state', descending: false }, noWarmupFilter).map(
      ({ state }) => state.state,
    )
    expect([...new Set(states)]).toEqual([
      'paused',
      'rate-limited',
      'slowed',
      'offline',
      'ramping',
      'maintenance',
    ])
    expect(addresses({ by: 'state', descending: false }).slice(0, 3)).toEqual([
      'ada@nest.example',
      'tom@krill.example',
      'yara@krill.example',
    ])
  })

  test.each(['score', 'inbox', 'next'] as const)('what is not known comes last by %s either way', by => {
    const unknown = (address: string | undefined) => {
      const row = rows.find(row => row.address === address)
      if (row === undefined) throw new Error('no such row')
      return by === 'score'
        ? row.score === null
        : by === 'inbox'
          ? inboxShare(row) === null
          : row.today.nextSendAt === null
    }
    for (const descending of [false, true]) {
      const order = addresses({ by, descending })
      expect(unknown(order[0])).toBe(false)
      expect(unknown(order.at(-1))).toBe(true)
    }
  })

  test('descending turns it round', () => {
    const scores = orderWarmup(rows, { by: 'score', descending: true }, noWarmupFilter).flatMap(
      ({ score }) => score ?? [],
    )
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })
})

describe('the filter', () => {
  const sort = { by: 'address', descending: false } as const
  test.each([
    [{ search: ' KRILL ' }, 5],
    [{ state: 'paused' as const }, 3],
    [{ domain: 'floe.example' }, 4],
    [{ provider: 'yahoo' }, 2],
    [{ provider: 'yahoo', state: 'slowed' as const }, 0],
  ])('%j leaves %i', (filter, count) => {
    expect(addresses(sort, { ...noWarmupFilter, ...filter })).toHaveLength(count)
  })

  test('offers each domain once', () => {
    expect(choicesOf(rows, domainOf)).toEqual([
      'floe.example',
      'krill.example',
      'nest.example',
      'subsidiary.krill.example',
    ])
  })
})

test('the summary adds up', () => {
  const { states, sent, placed, inInbox, targetPerDay } = summariseWarmup(rows)
  expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(rows.length)
  expect(states.paused).toBe(3)
  expect(sent).toBe(rows.reduce((sum, { today }) => sum + today.sent, 0))
  expect(inInbox).toBeLessThan(placed)
  expect(targetPerDay).toBe(40)
  expect(summariseWarmup([])).toMatchObject({ sent: 0, placed: 0, targetPerDay: 0 })
})
