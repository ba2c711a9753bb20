import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { startDeadline } from '#engine/net/deadline.ts'
import { createHttpsClient, type HostAddresses } from '#engine/net/https.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import type { HttpsRule } from '#shared/model/exchange.ts'
import { type CertificateWishes, makeCertificate } from '../../helpers/certificates.ts'
import { startHttpsServer } from '../../helpers/https-server.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
const rule: HttpsRule = { bodyBytes: 1_000, redirects: 0 }
type Script = (request: IncomingMessage, response: ServerResponse) => void
const plain: Script = (_, response) => {
  response.setHeader('content-type', 'text/plain')
  response.end('hello')
}

/** A client that finds every host at a server of this script, and what it logged. */
async function world(script: Script, certificate: Partial<CertificateWishes> = {}) {
  const own = makeCertificate({ name: 'host', names: ['page.test'], issuer: authority, ...certificate })
  const server = await startHttpsServer(own, script)
  cleanups.push(server.close)
  const networkLog = createNetworkLog({ now: () => 0 })
  const fetchPage = createHttpsClient({
    networkLog,
    ca: [authority.pem],
    endpointOf: address => (address === '127.0.0.1' ? { host: address, port: server.port } : null),
  })
  const get = async (
    url: string,
    asked: Partial<HttpsRule> & { found?: HostAddresses; budgetMs?: number; cancel?: AbortSignal } = {},
  ) => {
    const { found = { state: 'found', addresses: ['127.0.0.1'] }, budgetMs = 10_000, cancel, ...own } = asked
    const deadline = startDeadline(budgetMs, cancel)
    try {
      return await fetchPage(
        url,
        { ...rule, ...own },
        { deadline, purpose: 'audit', addressesOf: async () => found },
      )
    } finally {
      deadline.end()
    }
  }
  return { get, server, networkLog }
}

describe('a page', () => {
  it('is fetched with its status, type and text, under its own name', async () => {
    const { get, server, networkLog } = await world(plain)
    expect(await get('https://page.test/a?b=c')).toMatchObject({
      state: 'answered',
      url: 'https://page.test/a?b=c',
      address: '127.0.0.1',
      status: 200,
      contentType: 'text/plain',
      body: 'hello',
      validToAt: expect.any(Number),
    })
    expect(server.asked).toEqual(['page.test /a?b=c'])
    expect(networkLog.list()).toMatchObject([
      { host: 'page.test', port: 443, protocol: 'https', purpose: 'audit', count: 1, failures: 0 },
    ])
  })

  it('a status other than 200 is an answer', async () => {
    const { get } = await world((_, response) => response.writeHead(404).end('gone'))
    expect(await get('https://page.test/')).toMatchObject({ state: 'answered', status: 404, body: 'gone' })
  })
})

describe('the certificate', () => {
  const day = 86_400_000
  it.each([
    ['expired', { validFromAt: Date.now() - 9 * day, validToAt: Date.now() - day }, 'certificate-expired'],
    ['not valid yet', { validFromAt: Date.now() + day }, 'certificate-not-yet-valid'],
    ['for another name', { names: ['other.test'] }, 'certificate-name'],
  ] as const)('%s', async (_, wishes, fault) => {
    const { get, server } = await world(plain, wishes)
    expect(await get('https://page.test/')).toMatchObject({ state: 'failed', fault })
    expect(server.asked).toEqual([])
  })

  it('of an unknown authority', async () => {
    const stranger = makeCertificate({ name: 'Stranger', isAuthority: true })
    const { get } = await world(plain, { issuer: stranger })
    expect(await get('https://page.test/')).toMatchObject({ state: 'failed', fault: 'certificate-untrusted' })
  })
})

const redirecting: Script = (request, response) => {
  const step = Number(request.url?.slice(1) ?? '0')
  if (step === 0) response.end('there')
  else response.writeHead(302, { location: `/${step - 1}` }).end()
}

describe('redirects', () => {
  it('are refused unless the rule allows them', async () => {
    const { get, server } = await world(redirecting)
    const answer = await get('https://page.test/1')
    expect(answer).toMatchObject({ state: 'failed', fault: 'redirected', detail: 'https://page.test/0' })
    expect(server.asked).toHaveLength(1)
  })

  it('are followed as far as it allows, and no further', async () => {
    const { get } = await world(redirecting)
    expect(await get('https://page.test/2', { redirects: 2 })).toMatchObject({
      state: 'answered',
      body: 'there',
    })
    expect(await get('https://page.test/3', { redirects: 2 })).toMatchObject({
      state: 'failed',
      fault: 'redirected',
    })
  })

  it('lead to https alone', async () => {
    const { get } = await world((_, response) =>
      response.writeHead(301, { location: 'http://page.test/' }).end(),
    )
    expect(await get('https://page.test/', { redirects: 5 })).toMatchObject({
      state: 'failed',
      fault: 'malformed',
    })
  })
})

describe('bounds', () => {
  it('a page that never ends is cut off', async () => {
    const { get } = await world((_, response) => {
      const more = () => response.write('x'.repeat(500), () => setImmediate(more))
      more()
    })
    expect(await get('https://page.test/')).toMatchObject({ state: 'failed', fault: 'too-large' })
  })

  it('a page of exactly the size is taken', async () => {
    const { get } = await world((_, response) => response.end('x'.repeat(1_000)))
    expect(await get('https://page.test/')).toMatchObject({ state: 'answered', body: 'x'.repeat(1_000) })
  })

  it('a server that says nothing is late, not missing', async () => {
    const { get } = await world(() => {})
    expect(await get('https://page.test/', { budgetMs: 100 })).toMatchObject({
      state: 'unavailable',
      reason: 'timeout',
    })
  })

  it('a cancel ends it', async () => {
    const cancel = new AbortController()
    const { get } = await world(() => cancel.abort())
    const answer = await get('https://page.test/', { cancel: cancel.signal })
    expect(answer).toMatchObject({ state: 'unavailable', reason: 'cancelled' })
  })

  it('a connection that breaks off says nothing about the page', async () => {
    const { get } = await world((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    expect(await get('https://page.test/')).toMatchObject({
      state: 'unavailable',
      reason: 'connection-reset',
    })
  })
})

describe('the host', () => {
  it('without an address is a fault; one that could not be looked up is open', async () => {
    const { get } = await world(plain)
    expect(await get('https://page.test/', { found: { state: 'absent' } })).toMatchObject({
      state: 'failed',
      fault: 'no-address',
    })
    const found = { state: 'unavailable', reason: 'servfail' } as const
    expect(await get('https://page.test/', { found })).toMatchObject({
      state: 'unavailable',
      reason: 'servfail',
    })
  })

  it.each(['10.0.0.1', '192.168.1.1', '169.254.169.254', '::1', 'fd00::1', '192.0.2.1'])(
    'at %s is left alone',
    async address => {
      const networkLog = createNetworkLog({ now: () => 0 })
      const fetchPage = createHttpsClient({ networkLog })
      const deadline = startDeadline(1_000)
      const addressesOf = async () => ({ state: 'found', addresses: [address] }) as const
      const answer = await fetchPage('https://page.test/', rule, { deadline, purpose: 'audit', addressesOf })
      deadline.end()
      expect(answer).toMatchObject({ state: 'unavailable', reason: 'not-asked' })
      expect(networkLog.list()).toEqual([])
    },
  )

  it.each(['http://page.test/', 'https://user:secret@page.test/', 'ftp://page.test/', 'nonsense'])(
    '%s is not asked for',
    async url => {
      const { get, server } = await world(plain)
      expect(await get(url)).toMatchObject({ state: 'failed', fault: 'malformed' })
      expect(server.asked).toEqual([])
    },
  )
})
