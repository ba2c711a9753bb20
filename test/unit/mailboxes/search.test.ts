import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { createDiscoverySearch } from '#engine/mailboxes/discovery/search.ts'
import { createHttpsClient } from '#engine/net/https.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import type { Discovery, DiscoveryEvent } from '#shared/model/discovery.ts'
import type { Result } from '#shared/failure.ts'
import { type Certificate, makeCertificate } from '../../helpers/certificates.ts'
import { until } from '../../helpers/engine.ts'
import { startHttpsServer } from '../../helpers/https-server.ts'
import { type ZoneText, zone } from '../../helpers/zone.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
const certificateFor = (...names: string[]) => makeCertificate({ name: 'host', names, issuer: authority })

type Script = (socket: Socket) => void

/** A TCP server on 127.0.0.1. */
async function listen(script: Script): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    script(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise(resolve => server.close(() => resolve()))
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const overTls =
  (certificate: Certificate, greeting: string): Script =>
  socket => {
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ cert: certificate.pem, key: certificate.keyPem }),
    })
    secure.on('error', () => {})
    if (greeting !== '') secure.write(greeting)
  }

const startTls =
  (certificate: Certificate, capabilities = 'STARTTLS'): Script =>
  socket => {
    socket.write('220 mail.test ESMTP\r\n')
    socket.on('data', chunk => {
      const line = chunk.toString('latin1')
      if (line.startsWith('EHLO')) socket.write(`250-mail.test\r\n250 ${capabilities}\r\n`)
      if (!line.startsWith('STARTTLS')) return
      socket.write('220 go ahead\r\n')
      socket.removeAllListeners('data')
      overTls(certificate, '')(socket)
    })
  }

type World = {
  zone: ZoneText
  /** By port of the world outside: where on this machine it is reached. */
  ports: Readonly<Record<number, number>>
}

function searchIn({ zone: text, ports }: World) {
  const { ask } = zone(text)
  const networkLog = createNetworkLog({ now: () => 0 })
  const reach = {
    ca: [authority.pem],
    endpointOf: (address: string, port: number) =>
      address === '192.0.2.1' ? { host: '127.0.0.1', port: ports[port] ?? 1 } : null,
  }
  const search = createDiscoverySearch({
    resolver: { lookup: (name, type) => ask(name, type) },
    networkLog,
    outside: { https: createHttpsClient({ networkLog, ...reach }) },
    readDomain: parseDomainName,
    probing: reach,
  })
  const find = async (address: string, asked: Parameters<typeof search.find>[1] = {}) => {
    const stream = search.find(address, asked)
    const events: DiscoveryEvent[] = []
    let step: IteratorResult<DiscoveryEvent, Result<Discovery>> = await stream.next()
    for (; !step.done; step = await stream.next()) events.push(step.value)
    return step.value
  }
  return { find, networkLog }
}

const here = { A: ['192.0.2.1'] }
const config = `<clientConfig version="1.1"><emailProvider id="x">
<incomingServer type="imap"><hostname>imap.example.com</hostname><port>993</port><socketType>SSL</socketType><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`

describe('settings a domain publishes', () => {
  it('are fetched over HTTPS from a real server, and nothing but the page is told', async () => {
    const server = await startHttpsServer(certificateFor('autoconfig.example.com'), (_, response) =>
      response.end(config),
    )
    closers.push(server.close)
    const { find, networkLog } = searchIn({
      zone: { 'example.com': { MX: ['10 mx.example.com'] }, 'autoconfig.example.com': here },
      ports: { 443: server.port },
    })
    expect(await find('anna@example.com')).toMatchObject({
      ok: true,
      value: {
        candidates: [{ source: 'autoconfig', trusted: true, smtp: { port: 587, security: 'starttls' } }],
      },
    })
    expect(server.asked).toEqual([
      'autoconfig.example.com /mail/config-v1.1.xml?emailaddress=anna%40example.com',
    ])
    expect(networkLog.list()).toContainEqual(
      expect.objectContaining({ host: 'autoconfig.example.com', protocol: 'https', purpose: 'discovery' }),
    )
  })

  it.each<[string, () => string, string]>([
    ['10 MB', () => config.padEnd(10_000_000, ' '), 'too-large'],
    ['an entity bomb', () => `<!DOCTYPE x [<!ENTITY a "b">]>${config}`, 'has-doctype'],
    ['a thousand levels', () => `${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}`, 'too-deep'],
  ])('with %s are refused', async (_, page, reason) => {
    const server = await startHttpsServer(certificateFor('autoconfig.example.com'), (_, response) =>
      response.end(page()),
    )
    closers.push(server.close)
    const { find } = searchIn({ zone: { 'autoconfig.example.com': here }, ports: { 443: server.port } })
    expect(await find('anna@example.com')).toMatchObject({
      value: {
        candidates: [],
        sources: expect.arrayContaining([{ source: 'autoconfig', state: 'absent', reason }]),
      },
    })
  })

  it('behind a certificate for another name are not read', async () => {
    const server = await startHttpsServer(certificateFor('other.example.com'), (_, response) =>
      response.end(config),
    )
    closers.push(server.close)
    const { find } = searchIn({ zone: { 'autoconfig.example.com': here }, ports: { 443: server.port } })
    expect(await find('anna@example.com')).toMatchObject({
      value: {
        candidates: [],
        sources: expect.arrayContaining([
          { source: 'autoconfig', state: 'absent', reason: 'certificate-name' },
        ]),
      },
    })
    expect(server.asked).toEqual([])
  })
})

describe('guesses', () => {
  const guessed = { 'imap.example.com': here, 'smtp.example.com': here }

  it('are proved by greetings over TLS, from the first octet or after STARTTLS', async () => {
    const certificate = certificateFor('imap.example.com', 'smtp.example.com')
    const { find, networkLog } = searchIn({
      zone: guessed,
      ports: {
        993: await listen(overTls(certificate, '* OK ready\r\n')),
        587: await listen(startTls(certificate)),
      },
    })
    expect(await find('anna@example.com', { https: false })).toMatchObject({
      value: {
        chosen: 0,
        candidates: [
          {
            source: 'guess',
            smtp: { host: 'smtp.example.com', port: 587, security: 'starttls' },
            imap: { host: 'imap.example.com', port: 993, security: 'tls' },
          },
        ],
      },
    })
    expect(networkLog.list().filter(({ purpose }) => purpose === 'discovery').length).toBeGreaterThan(2)
  })

  it('with a certificate for another name are not trusted', async () => {
    const certificate = certificateFor('somewhere.test')
    const { find } = searchIn({
      zone: guessed,
      ports: {
        993: await listen(overTls(certificate, '* OK ready\r\n')),
        465: await listen(overTls(certificate, '220 ready\r\n')),
      },
    })
    expect(await find('anna@example.com', { https: false })).toMatchObject({
      value: { chosen: null, candidates: [{ source: 'guess', distrust: 'certificate' }] },
    })
  })

  it.each<[string, (certificate: Certificate) => Script]>([
    ['speaks another language', () => socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['closes at once', () => socket => socket.destroy()],
    ['floods', () => socket => socket.write('x'.repeat(200_000))],
    ['offers no STARTTLS', certificate => startTls(certificate, 'SIZE 1000')],
    ['turns callers away', () => socket => socket.end('554 go away\r\n')],
  ])('where somebody %s are none', async (_, script) => {
    const certificate = certificateFor('smtp.example.com')
    const port = await listen(script(certificate))
    const { find } = searchIn({ zone: guessed, ports: { 465: port, 587: port, 993: port } })
    expect(await find('anna@example.com', { https: false })).toMatchObject({
      value: {
        candidates: [],
        sources: expect.arrayContaining([expect.objectContaining({ source: 'guess', state: 'absent' })]),
      },
    })
  })

  it('are given up when the person leaves, and no socket stays', async () => {
    const open = new Set<Socket>()
    const port = await listen(socket => {
      open.add(socket)
      socket.resume().on('close', () => open.delete(socket))
    })
    const { find } = searchIn({ zone: guessed, ports: { 465: port, 587: port, 993: port } })
    const leaving = new AbortController()
    const finding = find('anna@example.com', { https: false, signal: leaving.signal })
    await until(() => open.size === 3)
    leaving.abort()
    expect(await finding).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    await until(() => open.size === 0)
  })

  it('never knock at private addresses', async () => {
    const { find, networkLog } = searchIn({
      zone: { 'imap.example.com': { A: ['10.0.0.1'] }, 'smtp.example.com': { A: ['127.0.0.1'] } },
      ports: {},
    })
    expect(await find('anna@example.com', { https: false })).toMatchObject({
      value: {
        sources: expect.arrayContaining([{ source: 'guess', state: 'unavailable', reason: 'not-asked' }]),
      },
    })
    expect(networkLog.list()).toEqual([])
  })
})

it('refuses what is no address', async () => {
  const { find } = searchIn({ zone: {}, ports: {} })
  expect(await find('anna')).toMatchObject({ ok: false, failure: { code: 'address-without-at' } })
})
