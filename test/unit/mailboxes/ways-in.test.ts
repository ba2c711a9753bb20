import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ConnectionSettings, Credential } from '#shared/model/connection.ts'
import { makeCertificate } from '../../helpers/certificates.ts'
import { againstScripts, runConnectionTest, settingsFor } from '../../helpers/connection-test.ts'
import { freePort } from '../../helpers/ports.ts'
import { type Answer, startImap, startSmtp } from '../../helpers/scripted-mail.ts'

const authority = makeCertificate({ name: 'Rookery test authority', isAuthority: true })
const { pem, keyPem } = makeCertificate({ name: 'mail.test', names: ['localhost'], issuer: authority })
const context = { cert: pem, key: keyPem }
const ca = [authority.pem]
const oauth: Credential = { kind: 'oauth', accessToken: 'a-token-of-some-length' }
const codesOf = (run: { result: { failures: readonly { code: string }[] } }) =>
  run.result.failures.map(({ code }) => code)

test.each(['XOAUTH2', 'PLAIN LOGIN XOAUTH2'])(
  'a token opens both sides, and is in no event: %s',
  async mechanisms => {
    const run = await againstScripts(
      { mechanisms, secure: { from: 'starttls', context } },
      { capabilities: 'SASL-IR AUTH=XOAUTH2', secure: { from: 'start', context } },
      { ca, credential: oauth },
    )
    expect(run.result).toMatchObject({ result: 'passed', failures: [] })
    const sent = Buffer.from(`user=anna@a.test\u0001auth=Bearer ${oauth.accessToken}\u0001\u0001`).toString(
      'base64',
    )
    expect(run.smtp.lines).toContain(`AUTH XOAUTH2 ${sent}`)
    expect(run.imap?.lines.some(line => line.endsWith(`AUTHENTICATE XOAUTH2 ${sent}`))).toBe(true)
    expect(JSON.stringify(run.events)).not.toContain(oauth.accessToken)
  },
)

test.each([
  ['401', 'auth.token-expired'],
  ['400', 'auth.sign-in-again'],
])('IMAP refuses a token with status %s', async (status, code) => {
  const challenge = Buffer.from(JSON.stringify({ status, schemes: 'Bearer' })).toString('base64')
  const answers: Record<string, Answer> = {
    'AUTHENTICATE XOAUTH2': socket => {
      socket.write(`+ ${challenge}\r\n`)
      socket.once('data', () => socket.write('2 NO [AUTHENTICATIONFAILED] refused\r\n'))
    },
  }
  const run = await againstScripts(
    { mechanisms: 'XOAUTH2' },
    { capabilities: 'SASL-IR AUTH=XOAUTH2', answers },
    { credential: oauth },
  )
  expect(codesOf(run)).toEqual([code])
})

test('LOGIN is used where PLAIN is not offered', async () => {
  const run = await againstScripts({ mechanisms: 'LOGIN' }, null)
  expect(run.result.failures).toEqual([])
  expect(run.events.find(({ phase, state }) => phase === 'smtp-login' && state === 'passed')?.evidence).toBe(
    'LOGIN',
  )
})

test('a server that takes tokens only says so before a password is sent', async () => {
  const run = await againstScripts(
    { mechanisms: 'XOAUTH2 OAUTHBEARER' },
    { capabilities: 'AUTH=XOAUTH2 LOGINDISABLED' },
  )
  expect(codesOf(run).toSorted()).toEqual(['auth.encryption-required', 'auth.oauth-required'])
  expect(run.smtp.lines.some(line => line.startsWith('AUTH'))).toBe(false)
  expect(run.imap?.lines.some(line => /LOGIN|AUTHENTICATE/.test(line))).toBe(false)
})

test.each([
  ['tls.starttls-injected', { STARTTLS: 'TAG OK go\r\n* CAPABILITY IMAP4rev1' }],
  ['tls.starttls-refused', { STARTTLS: 'TAG NO not now' }],
  ['tls.starttls-missing', { CAPABILITY: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done' }],
])('IMAP: %s, and no password leaves', async (code, answers) => {
  const run = await againstScripts({}, { secure: { from: 'starttls', context }, answers }, { ca })
  expect(codesOf(run)).toEqual([code])
  expect(run.imap?.lines.some(line => /LOGIN|AUTHENTICATE/.test(line))).toBe(false)
})

test.each([
  [
    'tls.cert-expired',
    makeCertificate({
      name: 'x',
      names: ['localhost'],
      issuer: authority,
      validFromAt: 1e12,
      validToAt: 1.1e12,
    }),
  ],
  ['tls.cert-self-signed', makeCertificate({ name: 'x', names: ['localhost'] })],
  ['tls.cert-name-mismatch', makeCertificate({ name: 'x', names: ['x.test'], issuer: authority })],
])('IMAP: %s, and no password leaves', async (code, bad) => {
  const secure = { from: 'starttls', context: { cert: bad.pem, key: bad.keyPem } } as const
  const run = await againstScripts({}, { secure }, { ca })
  expect(codesOf(run)).toEqual([code])
  expect(run.imap?.lines.some(line => /LOGIN|AUTHENTICATE/.test(line))).toBe(false)
})

test('what answers on another port is offered and not used', async () => {
  const tls = await startSmtp({ secure: { from: 'start', context } })
  const imap = await startImap({ secure: { from: 'starttls', context } })
  const ports = {
    smtp: [
      { port: tls.port, security: 'tls' as const },
      { port: await freePort(), security: 'starttls' as const },
    ],
    imap: [{ port: imap.port, security: 'starttls' as const }],
    web: 1,
  }
  const nobody = { port: await freePort() }
  const { result } = await runConnectionTest(
    settingsFor({ server: nobody, security: 'starttls' }, { server: nobody, security: 'tls' }),
    { ports, ca },
  )
  expect(result.failures.map(({ code }) => code)).toEqual(['net.refused', 'net.refused'])
  expect(result.alternatives).toEqual([
    { smtp: { host: 'localhost', port: tls.port, security: 'tls' }, why: 'answered' },
    { imap: { host: 'localhost', port: imap.port, security: 'starttls' }, why: 'answered' },
  ])
  expect([...tls.lines, ...imap.lines].filter(line => /AUTH|LOGIN/.test(line))).toEqual([])
  await Promise.all([tls.close(), imap.close()])
})

test('a port in the wrong mode is told and offered in the right one', async () => {
  const tls = await startSmtp({ secure: { from: 'start', context } })
  const { result } = await runConnectionTest(settingsFor({ server: tls, security: 'starttls' }, null), { ca })
  expect(result.failures).toMatchObject([{ code: 'tls.wrong-mode', facts: { speaks: 'tls' } }])
  expect(result.alternatives).toEqual([
    { smtp: { host: 'localhost', port: tls.port, security: 'tls' }, why: 'other-mode' },
  ])
  await tls.close()
})

test('two servers with a certificate each of their own: each is accepted by itself, and neither for the other', async () => {
  const [sending, reading, renewed] = [1, 2, 3].map(() =>
    makeCertificate({ name: 'localhost', names: ['localhost'] }),
  )
  if (!sending || !reading || !renewed) throw new Error('no certificates')
  const shown = ({ pem, keyPem }: typeof sending) =>
    ({ from: 'start', context: { cert: pem, key: keyPem } }) as const
  const pin = ({ pem }: typeof sending) =>
    new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
  const run = (imap: typeof sending, settings: Partial<ConnectionSettings>) =>
    againstScripts({ secure: shown(sending) }, { secure: shown(imap) }, { settings })

  const none = await run(reading, {})
  expect(codesOf(none)).toEqual(['tls.cert-self-signed', 'tls.cert-self-signed'])
  const one = await run(reading, { pinnedCertificate: pin(sending), imapPinnedCertificate: null })
  expect(codesOf(one)).toEqual(['tls.cert-self-signed'])
  expect(one.result.certificate?.fingerprint).toBe(pin(reading))
  const both = await run(reading, { pinnedCertificate: pin(sending), imapPinnedCertificate: pin(reading) })
  expect(both.result).toMatchObject({ result: 'passed', failures: [] })
  const changed = await run(renewed, { pinnedCertificate: pin(sending), imapPinnedCertificate: pin(reading) })
  expect(changed.result.failures).toMatchObject([{ phase: 'imap-tls', code: 'tls.cert-changed' }])
  // As it was kept before each server had its own.
  const shared = await run(sending, { pinnedCertificate: pin(sending) })
  expect(shared.result).toMatchObject({ result: 'passed', failures: [] })
})
