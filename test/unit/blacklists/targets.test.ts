import { describe, expect, test } from 'vitest'
import { isActionable, readTarget, readTargets, targetsOf } from '#engine/blacklists/targets.ts'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { limits } from '#engine/net/limits.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { literalReport } from '../domains/literal-report.ts'

const reportOf = (record: string | null, mx: Partial<AuditReport['mx']> = {}): AuditReport => {
  const report = literalReport()
  return { ...report, spf: { ...report.spf, record }, mx: { ...report.mx, provider: null, hosts: [], ...mx } }
}
const ips = (record: string) =>
  targetsOf('example.com', reportOf(record)).targets.flatMap(({ target, role }) =>
    role === 'sending-ip' ? [target] : [],
  )

describe('what is looked up for a domain', () => {
  test('is the domain and the addresses of its own SPF record', () => {
    expect(ips('v=spf1 ip4:198.51.100.9 ip6:2001:DB8:0::1 include:_spf.google.com -all')).toEqual([
      '198.51.100.9',
      '2001:db8::1',
    ])
    expect(targetsOf('example.com', null)).toEqual({
      targets: [{ target: 'example.com', kind: 'domain', role: 'domain', shared: false }],
      leftOut: [],
    })
  })

  test('is every address of a small range, and the name of a large one', () => {
    expect(ips('v=spf1 ip4:198.51.100.18/30 -all')).toEqual([
      '198.51.100.16',
      '198.51.100.17',
      '198.51.100.18',
      '198.51.100.19',
    ])
    const { leftOut, targets } = targetsOf(
      'example.com',
      reportOf('v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/64 -all'),
    )
    expect(leftOut).toEqual(['198.51.100.0/24', '2001:db8::/64'])
    expect(targets).toHaveLength(1)
  })

  test('is neither a private address nor one that the record refuses', () => {
    expect(ips('v=spf1 ip4:10.0.0.1 ip4:127.0.0.1 -ip4:198.51.100.9 -all')).toEqual([])
  })

  test('stays bounded, and says what it leaves out', () => {
    const terms = Array.from({ length: 30 }, (_, index) => `ip4:198.51.${index}.16/28`).join(' ')
    const { targets, leftOut } = targetsOf('example.com', reportOf(`v=spf1 ${terms} -all`))
    expect(targets).toHaveLength(limits.blacklistTargets)
    expect(targets.length + leftOut.length).toBe(1 + 30 * 16)
  })

  test('are its mail servers for information, shared where a provider runs them', () => {
    const hosts = [{ preference: 1, host: 'mx', addresses: ['142.250.1.26'], state: 'found' as const }]
    const own = targetsOf('example.com', reportOf(null, { hosts })).targets[1]
    expect(own).toMatchObject({ target: '142.250.1.26', role: 'mx-ip', shared: false })
    const shared = targetsOf('example.com', reportOf(null, { hosts, provider: 'google' })).targets[1]
    expect(shared).toMatchObject({ shared: true })
    expect([own, shared].map(target => target && isActionable(target))).toEqual([false, false])
    expect(isActionable({ role: 'sending-ip', shared: false })).toBe(true)
  })

  test('are its mail servers with full weight where mail is sent from them too', () => {
    const hosts = [{ preference: 1, host: 'mx', addresses: ['198.51.100.9'], state: 'found' as const }]
    const { targets } = targetsOf('example.com', reportOf('v=spf1 ip4:198.51.100.9 -all', { hosts }))
    expect(targets.filter(({ target }) => target === '198.51.100.9')).toEqual([
      { target: '198.51.100.9', kind: 'ip4', role: 'sending-ip', shared: false },
    ])
  })
})

const read = (text: string) => readTarget(text, parseDomainName)

describe('what a person asks about', () => {
  test.each([
    ['192.0.2.1', 'ip4', '192.0.2.1'],
    ['2001:DB8::0:1', 'ip6', '2001:db8::1'],
    [' Example.COM. ', 'domain', 'example.com'],
    ['bücher.example.com', 'domain', 'xn--bcher-kva.example.com'],
    ['Anna@Example.com', 'email', 'Anna@example.com'],
  ])('%s is %s', (text, kind, target) => {
    expect(read(text)).toMatchObject({ ok: true, value: { kind, target, role: 'asked', shared: false } })
  })

  test('fails as a domain name does, and says which of several', () => {
    expect(read('fe80::1%eth0').ok).toBe(false)
    expect(readTargets(['192.0.2.1', 'exa mple.com'], parseDomainName)).toMatchObject({
      ok: false,
      failure: { code: 'domain-has-space', detail: { input: 'exa mple.com' } },
    })
  })

  test('is looked up once however often it is named', () => {
    const both = readTargets(['example.com', 'EXAMPLE.com.'], parseDomainName)
    expect(both.ok && both.value).toHaveLength(1)
  })
})
