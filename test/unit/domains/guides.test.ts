import { describe, expect, test } from 'vitest'
import { dnsProvider, dnsProviders } from '#engine/domains/providers.ts'
import { fillGuideText, guideFor } from '#shared/words/guides.ts'
import { providerLabels } from '#shared/words/guides/labels.ts'
import {
  drawingHeight,
  drawingWidth,
  formLayouts,
} from '../../../src-renderer/features/domains/records/form-layouts.ts'

const everyone = [null, ...dnsProviders]
const types = ['TXT', 'CNAME', 'MX'] as const
const actions = ['add', 'replace'] as const

function spoken(
  providerId: string | null,
  type: (typeof types)[number],
  action: (typeof actions)[number] = 'add',
) {
  const guide = guideFor(dnsProvider(providerId), 'example.com', { type, action })
  const record = {
    type,
    enterName: 'sel._domainkey',
    enterValue: 'target.example.net',
    value: '10 target.example.net',
  }
  return {
    ...guide,
    lines: guide.steps.map(step => fillGuideText(step.text, record)),
    all: JSON.stringify(guide),
  }
}

describe.each(everyone.map(provider => [provider?.id ?? 'an unknown provider', provider] as const))(
  '%s',
  (_, provider) => {
    test.each(types)('a guide for %s asks for each part once, in full sentences', type => {
      for (const action of actions) {
        const guide = guideFor(provider, 'example.com', { type, action })
        const fields = guide.steps.flatMap(step => (step.field === undefined ? [] : [step.field]))
        const wantsPriority = type === 'MX' && provider?.mx !== 'joined'
        const wanted = [
          'name',
          'value',
          ...(wantsPriority ? ['priority'] : []),
          ...(action === 'add' ? ['type'] : []),
        ]
        expect(fields.toSorted()).toEqual(wanted.toSorted())
        for (const step of guide.steps) {
          if (step.field !== undefined) expect(step.text).toContain(`{${step.field}}`)
          expect(step.text.length).toBeLessThanOrEqual(120)
        }
        const texts = [
          guide.title,
          ...guide.pitfalls,
          ...guide.steps.flatMap(step => [step.text, step.hint ?? '.']),
        ]
        for (const text of texts) {
          expect(text).not.toMatch(/!|undefined|null|\{zone\}|\{provider\}|\{domain\}/)
          if (text !== guide.title) expect(text).toMatch(/[.}]$/)
        }
      }
    })

    test('opens a page of its own, for the zone', () => {
      const { openUrl } = guideFor(provider, 'exämple.de')
      if (!provider?.deepLink) expect(openUrl).toBeNull()
      else {
        expect(URL.canParse(openUrl ?? '')).toBe(true)
        expect(openUrl).not.toContain('{domain}')
        if (provider.deepLink.includes('{domain}')) expect(openUrl).toContain('ex%C3%A4mple.de')
      }
    })
  },
)

describe('what trips people', () => {
  test('GoDaddy appends the domain', () => {
    expect(spoken('godaddy', 'TXT').pitfalls.join(' ')).toContain('example.com.example.com')
    expect(spoken('godaddy', 'TXT').openUrl).toBe(
      'https://dcc.godaddy.com/control/dnsmanagement?domainName=example.com',
    )
  })
  test('Namecheap shows MX rows only under Custom MX', () => {
    expect(spoken('namecheap', 'MX').all).toContain('Custom MX')
    expect(spoken('namecheap', 'CNAME').all).not.toContain('Custom MX')
  })
  test('Cloudflare proxies a CNAME unless told not to; other types have no such switch', () => {
    expect(spoken('cloudflare', 'CNAME').lines.join(' ')).toContain('DNS only')
    expect(spoken('cloudflare', 'TXT').all).not.toContain('Proxy status')
    expect(spoken('cloudflare', 'MX').all).not.toContain('Proxy status')
  })
  test('a record that stands there is edited, never added a second time', () => {
    for (const provider of everyone) {
      const lines = spoken(provider?.id ?? null, 'TXT', 'replace').lines.join(' ')
      expect(lines).toMatch(/Find the TXT (row|record)/)
      expect(lines).not.toMatch(/\bAdd (a )?(new )?record/i)
    }
  })
})

describe('fillGuideText', () => {
  const record = {
    type: 'MX',
    enterName: '',
    enterValue: 'mx1.example.net',
    value: '10 mx1.example.net',
  } as const
  test('fills every part', () => {
    expect(fillGuideText('{type} {name} {value} {priority}', record)).toBe(
      'MX nothing (leave the box empty) mx1.example.net 10',
    )
  })
  test('says who has the value when only the mail provider can make it', () => {
    expect(fillGuideText('paste {value}', { ...record, enterValue: null, value: null })).toBe(
      'paste the value your mail provider shows',
    )
  })
  test('a value is never read as a pattern', () => {
    expect(fillGuideText('{value}', { ...record, enterValue: '$& {name} $1' })).toBe('$& {name} $1')
  })
})

describe('what the provider calls it', () => {
  test.each([
    ['route53', 'TXT', 'Record name: type sel._domainkey', 'Press Create records.'],
    ['squarespace', 'CNAME', 'Data: paste target.example.net', 'Press Save.'],
    ['digitalocean', 'CNAME', 'Is an alias of: paste target.example.net', 'Press Create Record.'],
    ['azure', 'MX', 'Preference: type 10', 'Press Add.'],
    ['porkbun', 'TXT', 'Answer: paste target.example.net', 'Press Add.'],
  ] as const)('%s names its own boxes for %s', (provider, type, box, save) => {
    expect(spoken(provider, type).lines).toEqual(expect.arrayContaining([box, save]))
  })
  test('labels stand only for providers that exist, and tell the way to the records', () => {
    for (const [id, { open }] of Object.entries(providerLabels)) {
      expect(dnsProvider(id)?.id).toBe(id)
      expect(spoken(id, 'TXT').lines[1]).toBe(open.replaceAll('{zone}', 'example.com'))
    }
  })
})

describe('a drawing beside each step of the form', () => {
  test.each(Object.keys(formLayouts))('%s has every part its steps speak of, inside the drawing', id => {
    const layout = formLayouts[id]
    for (const type of types) {
      for (const action of actions) {
        const { steps } = guideFor(dnsProvider(id), 'example.com', { type, action })
        const boxes = layout?.boxes(type) ?? []
        for (const { place, field } of steps) {
          if (field !== undefined) expect(place).toBe(field)
          if (place === undefined || ['add', 'row', 'save', 'mail-settings'].includes(place)) continue
          expect(boxes.map(box => box.place)).toContain(place)
        }
        for (const { x, y, width } of boxes) {
          expect(width).toBeGreaterThan(30)
          expect(x + width).toBeLessThanOrEqual(drawingWidth)
          expect(y + 20).toBeLessThanOrEqual(drawingHeight)
        }
        for (const [index, one] of boxes.entries())
          for (const other of boxes.slice(index + 1))
            expect(one.y !== other.y || one.x + one.width <= other.x || other.x + other.width <= one.x).toBe(
              true,
            )
      }
    }
  })
  test('GoDaddy, Namecheap and Cloudflare have one', () => {
    expect(Object.keys(formLayouts).toSorted()).toEqual(['cloudflare', 'godaddy', 'namecheap'])
  })
})
