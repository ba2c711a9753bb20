import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHost, readPlanChoices } from '#engine/domains/plan-choices.ts'
import { type PlanChoices, planChoicesSchema } from '#shared/model/record-plan.ts'

const read = (choices: Partial<PlanChoices>) =>
  readPlanChoices('example.com', planChoicesSchema.parse(choices))

describe('a name to include in SPF', () => {
  test.each([
    ['_spf.example.net', '_spf.example.net'],
    [' include:_SPF.Example.net. ', '_spf.example.net'],
    ['+include:spf.example.net', 'spf.example.net'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['  ', null],
  ])('%j is read as %j', (typed, name) => {
    const { choices, problems } = read({ spfInclude: typed })
    expect(choices.spfInclude).toBe(name)
    expect(problems).toEqual([])
  })
  test.each([
    ['192.0.2.1', 'domain-is-address'],
    ['https://spf.example.net', 'domain-has-scheme'],
    ['%{d}._spf.example.net', 'domain-bad-character'],
    ['a b', 'domain-has-space'],
    ['_spf..example.net', 'domain-empty-label'],
    ['example.com', 'name-leads-to-itself'],
  ])('%j is a problem, and everything else is planned all the same', (typed, code) => {
    const { choices, problems } = read({ spfInclude: typed, dmarcStep: 'reject', tlsRpt: true })
    expect(problems).toEqual([{ field: 'spfInclude', failure: expect.objectContaining({ code }) }])
    expect(choices).toMatchObject({ spfInclude: null, dmarcStep: 'reject', tlsRpt: true })
  })
})

describe('a tracking name', () => {
  test.each([
    ['track', 'track.example.com'],
    ['go.news', 'go.news.example.com'],
    ['Links.Example.com.', 'links.example.com'],
    ['_t', '_t.example.com'],
  ])('%j stands at %j', (typed, name) => {
    expect(read({ trackingTarget: 'T.example.net', trackingName: typed }).choices.tracking).toEqual({
      name,
      target: 't.example.net',
    })
  })
  test.each<[Partial<PlanChoices>, string, string]>([
    [{ trackingTarget: '192.0.2.1' }, 'trackingTarget', 'domain-is-address'],
    [{ trackingTarget: 'track.example.com' }, 'trackingTarget', 'name-leads-to-itself'],
    [{ trackingTarget: 'a.track.example.com' }, 'trackingTarget', 'name-leads-to-itself'],
    [
      { trackingTarget: 't.example.net', trackingName: 'example.com' },
      'trackingName',
      'name-leads-to-itself',
    ],
    [{ trackingTarget: 't.example.net', trackingName: 'a b' }, 'trackingName', 'domain-has-space'],
    [{ trackingTarget: 't.example.net', trackingName: '' }, 'trackingName', 'domain-empty-label'],
  ])('%j is refused', (choices, field, code) => {
    const { choices: made, problems } = read(choices)
    expect(made.tracking).toBeNull()
    expect(problems).toMatchObject([{ field, failure: { code } }])
  })
  test('without a target nothing is wanted', () => {
    expect(read({ trackingTarget: '', trackingName: '???' })).toMatchObject({
      choices: { tracking: null },
      problems: [],
    })
  })
})

test('whatever is typed, a host that is read is one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain(), fc.stringMatching(/^[a-zA-Z0-9_.-]{1,40}$/)), typed => {
      const host = readHost(typed)
      if (!host.ok) return
      expect(host.value).toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/)
      expect(readHost(host.value)).toEqual(host)
    }),
  )
})
