import { describe, expect, it } from 'vitest'
import { gatherMx, judgeMx } from '#engine/domains/checks/mx.ts'
import { gatherNs, judgeNs } from '#engine/domains/checks/ns.ts'
import { zone, type ZoneText } from '../../helpers/zone.ts'

async function mx(text: ZoneText, domain = 'd.example') {
  const world = zone(text)
  return { ...judgeMx(await gatherMx(domain, world.ask)), calls: world.calls }
}

async function ns(text: ZoneText, domain: string) {
  const world = zone(text)
  return { ...judgeNs(await gatherNs(domain, world.ask)), asked: world.calls.map(call => call.name) }
}

describe('MX', () => {
  it('hosts stand by preference with all their addresses', async () => {
    const { result } = await mx({
      'd.example': { MX: ['20 B.mail.example.', '10 a.mail.example'] },
      'a.mail.example': { A: ['142.250.1.1'], AAAA: ['2a00::1'] },
      'b.mail.example': { A: ['142.250.1.2'] },
    })
    expect(result).toEqual({
      state: 'found',
      verdict: 'pass',
      nullMx: false,
      provider: null,
      hosts: [
        { preference: 10, host: 'a.mail.example', addresses: ['142.250.1.1', '2a00::1'], state: 'found' },
        { preference: 20, host: 'b.mail.example', addresses: ['142.250.1.2'], state: 'found' },
      ],
    })
  })

  it('knows the provider', async () => {
    expect((await mx({ 'd.example': { MX: ['1 smtp.google.com'] } })).result.provider).toBe('google')
  })

  it('a null MX alone asks for no address', async () => {
    const { result, findings, calls } = await mx({ 'd.example': { MX: ['0 .'] } })
    expect(result).toMatchObject({ state: 'found', nullMx: true, hosts: [], verdict: 'warn' })
    expect(findings.map(entry => entry.code)).toEqual(['mx.null'])
    expect(calls.length).toBe(1)
  })

  it('a name that does not exist needs no second question', async () => {
    const { findings, calls } = await mx({})
    expect(findings.map(entry => entry.code)).toEqual(['mx.missing'])
    expect(calls.length).toBe(1)
  })

  it('an IPv6 address alone is a fallback too', async () => {
    const { findings } = await mx({ 'd.example': { AAAA: ['2a00::1'] } })
    expect(findings.map(entry => entry.code)).toEqual(['mx.implicit'])
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
  ])('%s is not reachable', async address => {
    const records = address.includes(':') ? { AAAA: [address] } : { A: [address] }
    const { findings } = await mx({
      'd.example': { MX: ['1 m.example', '2 n.example'] },
      'm.example': records,
      'n.example': { A: ['142.250.1.9'] },
    })
    expect(findings.map(entry => entry.code)).toEqual(['mx.target-private'])
  })

  it.each(['142.250.1.1', '172.32.0.1', '100.128.0.1', '2a00:1450::1', '::ffff:142.250.1.1'])(
    '%s is',
    async address => {
      const records = address.includes(':') ? { AAAA: [address] } : { A: [address] }
      expect(
        (
          await mx({
            'd.example': { MX: ['1 m.example', '2 n.example'] },
            'm.example': records,
            'n.example': { A: ['142.250.1.9'] },
          })
        ).findings,
      ).toEqual([])
    },
  )

  it('a thousand records are bounded', async () => {
    const { calls } = await mx({
      'd.example': { MX: Array.from({ length: 1_000 }, (_, index) => `1 m${index}.example`) },
    })
    expect(calls.length).toBeLessThan(100)
  })
})

describe('NS', () => {
  it('walks up to the zone', async () => {
    const { result, asked } = await ns(
      { 'example.com': { NS: ['B.example.net.', 'a.example.net'] } },
      'x.mail.example.com',
    )
    expect(asked).toEqual(['x.mail.example.com', 'mail.example.com', 'example.com'])
    expect(result).toEqual({
      state: 'found',
      verdict: 'pass',
      zone: 'example.com',
      hosts: ['a.example.net', 'b.example.net'],
      provider: null,
    })
  })

  it('not above the registrable domain', async () => {
    const { result, asked, findings } = await ns(
      { 'co.uk': { NS: ['a.example', 'b.example'] } },
      'mail.example.co.uk',
    )
    expect(asked).toEqual(['mail.example.co.uk', 'example.co.uk'])
    expect(result).toMatchObject({ state: 'absent', verdict: 'fail', zone: null })
    expect(findings.map(entry => entry.code)).toEqual(['ns.missing'])
  })

  it('does not walk past a name that could not be looked up', async () => {
    const text: ZoneText = {
      'mail.example.com': { unavailable: 'refused' },
      'example.com': { NS: ['a.example.net'] },
    }
    const { result, findings } = await ns(text, 'mail.example.com')
    expect(result.state).toBe('unavailable')
    expect(findings).toEqual([])
  })

  it('knows the DNS provider', async () => {
    const NS = ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com']
    expect((await ns({ 'example.com': { NS } }, 'example.com')).result.provider).toBe('cloudflare')
  })
})
