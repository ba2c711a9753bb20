import type { NetworkContact } from '#shared/model/settings.ts'
import { describe, expect, it } from 'vitest'
import { contactsAsCsv, filterContacts } from '../../../src-renderer/features/settings/contacts.ts'

const contact = (change: Partial<NetworkContact>): NetworkContact => ({
  host: 'ns1.example',
  port: 53,
  protocol: 'udp',
  purpose: 'audit',
  count: 2,
  failures: 0,
  firstAt: 0,
  lastAt: Date.UTC(2026, 0, 2),
  ...change,
})

const contacts = [
  contact({}),
  contact({ host: 'api.example', port: 443, protocol: 'https', purpose: 'sync' }),
]
const hosts = (text: string, purpose: NetworkContact['purpose'] | null = null) =>
  filterContacts(contacts, { text, purpose }).map(({ host }) => host)

describe('the network log', () => {
  it('is searched by host, port and protocol, and by purpose', () => {
    expect(hosts('')).toEqual(['ns1.example', 'api.example'])
    expect(hosts(' API ')).toEqual(['api.example'])
    expect(hosts(':53')).toEqual(['ns1.example'])
    expect(hosts('udp')).toEqual(['ns1.example'])
    expect(hosts('example', 'sync')).toEqual(['api.example'])
    expect(hosts('udp', 'sync')).toEqual([])
  })

  it('is saved with a line each, and no cell a spreadsheet would calculate', () => {
    expect(contactsAsCsv([contact({}), contact({ host: '=1+1,"x"' })])).toBe(
      'host,port,protocol,purpose,contacts,failures,last\r\n' +
        'ns1.example,53,udp,audit,2,0,2026-01-02T00:00:00.000Z\r\n' +
        `"'=1+1,""x""",53,udp,audit,2,0,2026-01-02T00:00:00.000Z\r\n`,
    )
  })
})
