import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { runAudit } from '#engine/domains/audit.ts'
import type { AuditSource } from '#engine/domains/source.ts'
import { startDeadline } from '#engine/net/deadline.ts'
import { createHttpsClient } from '#engine/net/https.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { limits } from '#engine/net/limits.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { sourceAround } from '../../helpers/around.ts'
import { type CertificateWishes, makeCertificate } from '../../helpers/certificates.ts'
import { fullAround, fullZone, policy } from '../../helpers/full-world.ts'
import { startHttpsServer } from '../../helpers/https-server.ts'
import { zone } from '../../helpers/zone.ts'

/* A whole audit whose policy comes from a real HTTPS server that means no good. */

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

type Script = (request: IncomingMessage, response: ServerResponse) => void
const host = 'mta-sts.example.com'
const day = 86_400_000
const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
const stranger = makeCertificate({ name: 'Stranger', isAuthority: true })

const serve =
  (body: string, contentType = 'text/plain', status = 200): Script =>
  (_, response) =>
    response.writeHead(status, { 'content-type': contentType }).end(body)

/** Writes without an end, at once or drop by drop. */
const endless =
  (text: string, everyMs: number): Script =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    const more = () => {
      if (!response.destroyed) response.write(text, () => setTimeout(more, everyMs))
    }
    more()
  }

const addressesOf = async () => ({ state: 'found', addresses: ['127.0.0.1'] }) as const

async function audit(script: Script, wishes: Partial<CertificateWishes> = {}, budgetMs = 10_000) {
  const certificate = makeCertificate({ name: 'host', names: [host], issuer: authority, ...wishes })
  const server = await startHttpsServer(certificate, script)
  cleanups.push(server.close)
  const fetchPage = createHttpsClient({
    networkLog: createNetworkLog({ now: () => 0 }),
    ca: [authority.pem],
    endpointOf: address => ({ host: address, port: server.port }),
  })
  const around = sourceAround(zone(fullZone), fullAround)
  const source: AuditSource = {
    ...around,
    fetchHttps: async (url, rule) => {
      if (!url.startsWith(`https://${host}/`)) return around.fetchHttps?.(url, rule) ?? Promise.reject(url)
      const deadline = startDeadline(budgetMs)
      const page = await fetchPage(url, rule, { deadline, purpose: 'audit', addressesOf })
      deadline.end()
      return page
    },
  }
  const running = runAudit('example.com', source, () => 0, { more: ['mta-sts'] })
  for (;;) {
    const step = await running.next()
    if (step.done) return { report: step.value, asked: server.asked }
  }
}

const told = (report: AuditReport) => report.findings.filter(({ check }) => check === 'mta-sts')

const faults: Record<string, [Script, Partial<CertificateWishes>?]> = {
  'too-large': [endless('x'.repeat(10_000), 0)],
  redirected: [(_, response) => response.writeHead(301, { location: 'https://example.com/' }).end()],
  status: [serve('gone', 'text/plain', 404)],
  'content-type': [serve(policy, 'text/html')],
  'certificate-expired': [serve(policy), { validFromAt: Date.now() - 9 * day, validToAt: Date.now() - day }],
  'certificate-not-yet-valid': [serve(policy), { validFromAt: Date.now() + day }],
  'certificate-name': [serve(policy), { names: ['example.com'] }],
  'certificate-untrusted': [serve(policy), { issuer: stranger }],
}

describe('a policy', () => {
  it('that is served as it should be is no finding', async () => {
    const { report, asked } = await audit(serve(policy))
    expect(report.checks['mta-sts']).toEqual({ state: 'found', verdict: 'pass' })
    expect(asked).toEqual([`${host} /.well-known/mta-sts.txt`])
  })

  it.each(Object.entries(faults))('cannot be had: %s', async (reason, [script, wishes]) => {
    const { report, asked } = await audit(script, wishes)
    expect(told(report)).toMatchObject([{ code: 'mta-sts.policy-unreachable', facts: { host, reason } }])
    // A redirect is not followed, and a server that cannot be trusted is asked for nothing.
    expect(asked).toHaveLength(reason.startsWith('certificate') ? 0 : 1)
  })

  it('is refused for each of these in a sentence of its own', () => {
    const titles = Object.keys(faults).map(
      reason =>
        describeFinding({ code: 'mta-sts.policy-unreachable', facts: { host, reason, detail: '404' } }).title,
    )
    expect(new Set(titles).size).toBe(titles.length)
  })

  it.each([
    ['drips for ever', endless('x', 20), 'timeout'],
    ['is never begun', () => undefined, 'timeout'],
    [
      'breaks off',
      (_, response) => response.writeHead(200).write('v', () => response.destroy()),
      'connection-reset',
    ],
  ] as [string, Script, string][])('that %s is open, never a fault', async (_, script, reason) => {
    const { report } = await audit(script, {}, 400)
    expect(told(report)).toEqual([])
    expect(report.checks['mta-sts']).toEqual({ state: 'found', verdict: 'unavailable' })
    expect(report.rows.find(({ check }) => check === 'mta-sts')).toMatchObject({ reason, server: host })
  })

  it('with headers without an end is cut off', async () => {
    const { report } = await audit((_, response) => {
      for (let line = 0; line < 400; line++) response.setHeader(`x-${line}`, 'x'.repeat(100))
      response.end(policy)
    })
    expect(limits.httpsHeaderBytes).toBeLessThan(400 * 100)
    expect(told(report)).toMatchObject([
      { code: 'mta-sts.policy-unreachable', facts: { reason: 'too-large' } },
    ])
  })

  it('of thousands of lines is judged all the same', async () => {
    const lines = Array.from({ length: 3_000 }, (_, line) => `mx: m${line}.example.net\n`).join('')
    const body = `version: STSv1\nmode: enforce\nmax_age: 604800\n${lines}`
    expect(body.length).toBeLessThan(limits.mtaStsPolicyBytes)
    const { report } = await audit(serve(body))
    expect(told(report)).toMatchObject([{ code: 'mta-sts.mx-not-covered', severity: 'critical' }])
  })
})
