import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAutoconfig } from '#engine/mailboxes/discovery/parse-autoconfig.ts'
import { limits } from '#engine/net/limits.ts'

const anna = {
  address: 'anna@example.com',
  localPart: 'anna',
  domain: 'example.com',
  displayDomain: 'example.com',
}
const parse = (xml: string) => parseAutoconfig(xml, anna)

type Parts = { type?: string; host?: string; port?: string; socket?: string; user?: string; auth?: string[] }

const server = (kind: 'incoming' | 'outgoing', parts: Parts = {}) => {
  const { type = kind === 'incoming' ? 'imap' : 'smtp', port = '465', socket = 'SSL' } = parts
  const { host = 'mail.example.com', user = '%EMAILADDRESS%', auth = ['password-cleartext'] } = parts
  return `<${kind}Server type="${type}"><hostname>${host}</hostname><port>${port}</port>
  <socketType>${socket}</socketType><username>${user}</username>
  ${auth.map(one => `<authentication>${one}</authentication>`).join('')}</${kind}Server>`
}
const config = (...servers: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1"><emailProvider id="example.com">
  <domain>example.com</domain><displayName>Example</displayName>${servers.join('')}
  <documentation url="https://example.com/help"><descr lang="en">Help</descr></documentation>
  </emailProvider><webMail><loginPage url="https://example.com/"/></webMail></clientConfig>`

describe('a configuration', () => {
  it('gives both servers, with the marks filled in', () => {
    const xml = config(
      server('incoming', { host: 'IMAP.%EMAILDOMAIN%.', port: '993' }),
      server('outgoing', { user: '%EMAILLOCALPART%' }),
    )
    expect(parse(xml)).toEqual({
      ok: true,
      imap: {
        server: { host: 'imap.example.com', port: 993, security: 'tls' },
        user: 'anna@example.com',
        authentication: ['password'],
      },
      smtp: {
        server: { host: 'mail.example.com', port: 465, security: 'tls' },
        user: 'anna',
        authentication: ['password'],
      },
    })
  })

  it('prefers TLS to STARTTLS to none, whatever comes first', () => {
    const xml = config(
      server('outgoing', { host: 'a.example.com', socket: 'plain', port: '25' }),
      server('outgoing', { host: 'b.example.com', socket: 'STARTTLS', port: '587' }),
      server('outgoing', { host: 'c.example.com' }),
    )
    expect(parse(xml)).toMatchObject({ smtp: { server: { host: 'c.example.com' } } })
  })

  it('passes over POP3, other ways to log in and marks it cannot fill in', () => {
    const xml = config(
      server('incoming', { type: 'pop3' }),
      server('outgoing', { host: 'a.example.com', auth: ['GSSAPI', 'client-IP-address'] }),
      server('outgoing', { host: 'b.example.com', user: '%REALNAME%' }),
      server('outgoing', {
        host: 'c.example.com',
        auth: ['OAuth2', 'password-encrypted', 'password-cleartext'],
      }),
    )
    expect(parse(xml)).toMatchObject({
      imap: null,
      smtp: { server: { host: 'c.example.com' }, authentication: ['oauth', 'password'] },
    })
  })

  it.each<[string, Parts]>([
    ['no port', { port: '' }],
    ['port 0', { port: '0' }],
    ['a port too high', { port: '70000' }],
    ['a port that is no number', { port: '4.65e2' }],
    ['a host with a path', { host: 'mail.example.com/x' }],
    ['a host with a user', { host: 'x@mail.example.com' }],
    ['a host without a dot', { host: 'mail' }],
    ['an empty host', { host: '' }],
    ['an unknown encryption', { socket: 'QUIC' }],
    ['a user name that would end a command', { user: 'anna\r\nQUIT' }],
    ['an endless user name', { user: 'a'.repeat(400) }],
  ])('a server with %s is passed over', (_, parts) => {
    expect(parse(config(server('outgoing', parts)))).toEqual({ ok: false, fault: 'no-servers' })
  })

  it('expands the entities every XML has and no others', () => {
    expect(parse(config(server('outgoing', { user: 'a&amp;b&lt;&custom;' })))).toMatchObject({
      smtp: { user: 'a&b<&custom;' },
    })
  })
})

describe('what is no configuration', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'not-xml'],
    ['text', 'Not found', 'not-xml'],
    ['a tag that never ends', `<a${'x'.repeat(10_000)}`, 'not-xml'],
    ['crossed tags', '<clientConfig><emailProvider></clientConfig></emailProvider>', 'not-xml'],
    ['a web page', '<html><body><p>Hello</p></body></html>', 'not-autoconfig'],
    ['another root', '<autodiscover><emailProvider/></autodiscover>', 'not-autoconfig'],
    ['a provider without servers', config(), 'no-servers'],
    [
      'an entity bomb',
      `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${config(server('outgoing'))}`,
      'has-doctype',
    ],
    [
      'a file of this machine',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><clientConfig>&f;</clientConfig>',
      'has-doctype',
    ],
    ['a thousand levels', `${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}`, 'too-deep'],
    ['as deep as it may be long', `${'<a>'.repeat(9_000)}${'</a>'.repeat(9_000)}`, 'too-deep'],
    ['10 MB', `<clientConfig>${' '.repeat(10_000_000)}</clientConfig>`, 'too-large'],
    ['a name that is special to us', '<__proto__><emailProvider/></__proto__>', 'not-xml'],
  ])('%s: %s', (_, xml, fault) => {
    expect(parse(xml)).toEqual({ ok: false, fault })
  })

  it('never throws, and never pollutes anything', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'clientConfig',
      'emailProvider',
      '"',
      '=',
      '&',
      ';',
      ' ',
      'a',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      'constructor',
      '#text',
      '@type',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        expect(parse(pieces.join('')).ok).toBe(false)
      }),
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('is bounded by what is read of a page', () => {
    const servers = Array.from({ length: 200 }, () => server('outgoing', { port: '0' }))
    const xml = config(...servers, server('outgoing'))
    expect(xml.length).toBeLessThan(limits.autoconfigBytes)
    expect(parse(xml)).toEqual({ ok: false, fault: 'no-servers' })
  })
})
