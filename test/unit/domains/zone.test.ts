import { describe, expect, it } from 'vitest'
import type { RecordType } from '#shared/model/lookup.ts'
import { zone } from '../../helpers/zone.ts'

const world = zone({
  'example.com': { A: ['192.0.2.1'] },
  'deep.below.example.com': { TXT: ['x', ['y', 'z']] },
  '*.wild.example.com': { TXT: ['any'] },
  'taken.wild.example.com': { A: ['192.0.2.2'] },
  'alias.example.com': { CNAME: 'other.example.com' },
  'other.example.com': { CNAME: 'example.com' },
  'dangling.example.com': { CNAME: 'gone.example.net' },
  'loop.example.com': { CNAME: 'loop.example.com' },
  'down.example.com': { unavailable: 'refused' },
})

describe('a literal zone', () => {
  it.each<[string, RecordType, object]>([
    ['example.com', 'A', { state: 'found', values: ['192.0.2.1'], aliases: [] }],
    ['EXAMPLE.com.', 'A', { state: 'found' }],
    ['example.com', 'MX', { state: 'absent', reason: 'nodata' }],
    ['below.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['com', 'NS', { state: 'absent', reason: 'nodata' }],
    ['none.example.com', 'A', { state: 'absent', reason: 'nxdomain' }],
    ['x.deep.below.example.com', 'A', { state: 'absent', reason: 'nxdomain' }],
    ['deep.below.example.com', 'TXT', { values: [{ strings: ['x'] }, { strings: ['y', 'z'] }] }],
    ['a.wild.example.com', 'TXT', { state: 'found', values: [{ strings: ['any'] }] }],
    ['a.b.wild.example.com', 'TXT', { state: 'found' }],
    ['a.wild.example.com', 'A', { state: 'absent', reason: 'nodata' }],
    ['taken.wild.example.com', 'TXT', { state: 'absent', reason: 'nodata' }],
    ['x.taken.wild.example.com', 'TXT', { state: 'absent', reason: 'nxdomain' }],
    ['alias.example.com', 'A', { state: 'found', aliases: ['other.example.com', 'example.com'] }],
    [
      'alias.example.com',
      'MX',
      { state: 'absent', reason: 'nodata', aliases: ['other.example.com', 'example.com'] },
    ],
    ['dangling.example.com', 'TXT', { state: 'absent', reason: 'nxdomain', aliases: ['gone.example.net'] }],
    ['alias.example.com', 'CNAME', { state: 'found', values: ['other.example.com'] }],
    ['loop.example.com', 'A', { state: 'unavailable', reason: 'cname-loop' }],
    ['down.example.com', 'A', { state: 'unavailable', reason: 'refused' }],
  ])('%s %s', async (name, type, expected) => {
    expect(await world.ask(name, type)).toMatchObject({ name, type, ...expected })
  })

  it('keeps its questions in order', async () => {
    const { ask, calls } = zone({})
    await ask('a.example', 'A')
    await ask('b.example', 'MX')
    expect(calls).toEqual([
      { name: 'a.example', type: 'A' },
      { name: 'b.example', type: 'MX' },
    ])
  })
})
