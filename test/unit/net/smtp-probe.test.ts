import { afterEach, describe, expect, it } from 'vitest'
import { startDeadline } from '#engine/net/deadline.ts'
import { limits } from '#engine/net/limits.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createSmtpProbe } from '#engine/net/smtp-probe.ts'
import { type CertificateWishes, makeCertificate } from '../../helpers/certificates.ts'
import { type SmtpScript, startSmtpServer } from '../../helpers/smtp-server.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
const certificate = (wishes: Partial<CertificateWishes> = {}) => {
  const own = makeCertificate({ name: 'mx', names: ['mx.test'], issuer: authority, ...wishes })
  return { cert: own.pem, key: own.keyPem, der: own.der.toString('base64') }
}

async function probe(script: SmtpScript, budgetMs = 10_000) {
  const server = await startSmtpServer(script)
  cleanups.push(server.close)
  const networkLog = createNetworkLog({ now: () => 0 })
  const look = createSmtpProbe({
    networkLog,
    ca: [authority.pem],
    endpointOf: address => ({ host: address, port: server.port }),
  })
  const deadline = startDeadline(budgetMs)
  const answer = await look('mx.test', ['127.0.0.1'], { deadline, purpose: 'audit' })
  deadline.end()
  return { answer, server, networkLog }
}

describe('a mail server', () => {
  it('that encrypts shows its version, its certificate and its names', async () => {
    const { cert, key, der } = certificate()
    const { answer, server, networkLog } = await probe({ secure: { cert, key } })
    expect(answer).toMatchObject({
      state: 'answered',
      host: 'mx.test',
      address: '127.0.0.1',
      startTls: true,
      handshake: null,
      tls: { protocol: 'TLSv1.3', problem: null, names: ['mx.test'], validToAt: expect.any(Number) },
    })
    expect(answer.state === 'answered' && answer.tls?.chain[0]).toBe(der)
    expect(server.lines).toEqual(['EHLO [127.0.0.1]', 'STARTTLS'])
    expect(networkLog.list()).toMatchObject([{ host: 'mx.test', port: 25, protocol: 'smtp', failures: 0 }])
  })

  it('that offers no encryption', async () => {
    expect((await probe({})).answer).toMatchObject({ state: 'answered', startTls: false, tls: null })
  })

  it.each([
    ['expired', { validFromAt: 1, validToAt: 86_400_000 }],
    ['name', { names: ['other.test'] }],
    ['untrusted', { issuer: makeCertificate({ name: 'Stranger', isAuthority: true }) }],
  ] as const)('whose certificate is wrong (%s) is told, and still shows it', async (problem, wishes) => {
    const { cert, key } = certificate(wishes)
    const { answer } = await probe({ secure: { cert, key } })
    expect(answer).toMatchObject({ state: 'answered', tls: { problem, chain: [expect.any(String)] } })
  })

  it('that speaks an old version is told', async () => {
    const { cert, key } = certificate()
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect((await probe({ secure: { cert, key, ...old } })).answer).toMatchObject({
      tls: { protocol: 'TLSv1.1' },
    })
  })

  it('that promises encryption and fails', async () => {
    const garbage = await probe({ secure: 'garbage' })
    expect(garbage.answer).toMatchObject({ state: 'answered', startTls: true, tls: null })
    const { cert, key } = certificate()
    const refused = await probe({ secure: { cert, key }, startTlsReply: '454 not now' })
    expect(refused.answer).toMatchObject({ startTls: true, tls: null, handshake: 'reply 454' })
  })

  it.each([
    ['turns us away', { greeting: '554 go away' }, 'refused'],
    ['says several lines first', { greeting: '554-go\r\n554 away' }, 'refused'],
    ['talks without end', { greeting: `220-${'x'.repeat(20_000)}` }, 'too-large'],
  ] as const)('that %s says nothing about encryption', async (_, script, reason) => {
    expect((await probe(script)).answer).toMatchObject({ state: 'unavailable', reason })
  })

  it('that says nothing is late', async () => {
    const { answer } = await probe({ silent: true }, 200)
    expect(answer).toMatchObject({ state: 'unavailable', reason: 'timeout' })
  })
})

describe('port 25', () => {
  it('counts as blocked after several servers in a row let nobody through, for a while', async () => {
    let now = 0
    const networkLog = createNetworkLog({ now: () => now })
    const deaf = await startSmtpServer({ silent: true })
    const server = await startSmtpServer({})
    cleanups.push(deaf.close, server.close)
    const look = createSmtpProbe({
      networkLog,
      now: () => now,
      waitMs: 400,
      endpointOf: address => ({ host: '127.0.0.1', port: address === '127.0.0.2' ? deaf.port : server.port }),
    })
    const ask = async (host: string, address = '127.0.0.2') => {
      const deadline = startDeadline(10_000)
      const answer = await look(host, [address], { deadline, purpose: 'audit' })
      deadline.end()
      return answer.state === 'unavailable' ? answer.reason : answer.state
    }
    expect(await ask('mx1.test')).toBe('timeout')
    expect(await ask('mx1.test')).toBe('timeout')
    expect(await ask('mx2.test')).toBe('timeout')
    expect(await ask('mx3.test', '127.0.0.1')).toBe('answered')
    const reasons: string[] = []
    for (let host = 0; host < limits.smtpSilentHosts; host += 1) reasons.push(await ask(`deaf${host}.test`))
    expect(reasons).toEqual(['timeout', 'timeout', 'port-blocked'])
    const before = networkLog.list().length
    expect(await ask('mx9.test', '127.0.0.1')).toBe('port-blocked')
    expect(networkLog.list()).toHaveLength(before)
    now += limits.smtpBlockedMs
    expect(await ask('mx9.test', '127.0.0.1')).toBe('answered')
  })

  it('of a private address is left alone', async () => {
    const networkLog = createNetworkLog({ now: () => 0 })
    const look = createSmtpProbe({ networkLog })
    const deadline = startDeadline(1_000)
    const answer = await look('mx.test', ['10.0.0.1', '127.0.0.1'], { deadline, purpose: 'audit' })
    deadline.end()
    expect(answer).toMatchObject({ state: 'unavailable', reason: 'not-asked' })
    expect(networkLog.list()).toEqual([])
  })
})
