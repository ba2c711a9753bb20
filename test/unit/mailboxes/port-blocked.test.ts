import { describe, expect, test } from 'vitest'
import { networkMailWith } from '#engine/mailboxes/mail-reach.ts'
import { usualKnownHosts } from '#engine/mailboxes/known-hosts.ts'
import { sharedLooks } from '#engine/mailboxes/looks.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createOutside } from '#engine/net/outside.ts'
import { done, trouble } from '#engine/net/trouble.ts'
import { compareMailWords } from '#shared/words/reach.ts'
import { startBlackHole } from '../../helpers/black-hole.ts'
import { behindFirewall } from '../../helpers/connection-scenarios.ts'
import { settingsFor } from '../../helpers/connection-test.ts'
import { testPlatform } from '../../helpers/platform.ts'
import { testDns } from '../../helpers/zone-resolver.ts'

const never = new AbortController().signal

describe('a silent server', () => {
  test.each<[string, Parameters<typeof behindFirewall>[0], string]>([
    ['and a known one, while its web page answers', { knownMail: false, web: 'host' }, 'net.port-blocked'],
    [
      'and a known one, while a known web page answers',
      { knownMail: false, web: 'known' },
      'net.port-blocked',
    ],
    ['while a known one answers', { knownMail: true, web: 'host' }, 'net.timeout'],
    ['and a known one, and nothing else answers either', { knownMail: false, web: null }, 'net.timeout'],
    ['with nothing to compare it with', { knownMail: false, web: 'host', knows: false }, 'net.timeout'],
  ])('%s', async (_, answers, code) => {
    const { result } = await behindFirewall(answers)
    expect(result.failures.map(failure => failure.code)).toEqual([code])
    expect(result.failures[0]?.facts['alsoSilent']).toBe(
      code === 'net.port-blocked' ? 'known.test' : undefined,
    )
  })

  test.each([
    ['allow it', true, true],
    ['do not', false, true],
    ['allow it, and the host asks the DNS server alone', true, false],
  ])('is compared where the settings %s', async (_, mayCompare, hasOutside) => {
    const hole = await startBlackHole()
    const networkLog = createNetworkLog({ now: Date.now })
    const known = [{ host: 'known.test', port: hole.port }]
    const makeMail = networkMailWith({
      knownHosts: { smtp: known, imap: known, web: [] },
      ports: { smtp: [], imap: [], web: hole.port },
      waits: { connectMs: 300, alternativeMs: 300 },
    })
    const { clock, log } = testPlatform({})
    const dns = testDns({ 'known.test': { A: ['127.0.0.1'] } })
    const { testConnection } = makeMail({
      resolver: dns.makeResolver({ networkLog, now: Date.now }),
      outside: hasOutside ? createOutside({ networkLog, now: Date.now }) : null,
      networkLog,
      clock,
      log,
      readName: () => ({ ok: true, value: { name: 'a.test' } }) as never,
      mayCompare: () => mayCompare,
    })
    const settings = settingsFor({ server: hole, security: 'starttls', host: '127.0.0.1' }, null)
    for await (const _ of testConnection(settings, { kind: 'password', password: 'x' }, never)) continue
    await hole.stop()
    const hosts = networkLog.list().map(({ host, purpose }) => `${host} ${purpose}`)
    expect(hosts.includes('known.test connection-test')).toBe(mayCompare && hasOutside)
  })

  test('is compared with servers that the settings name', () => {
    for (const { host } of Object.values(usualKnownHosts).flat())
      expect(compareMailWords.gloss).toContain(host)
  })
})

const at = (host: string, port: number) => ({ protocol: 'smtp', host, port, security: 'tls' }) as const

describe('the looks of many tests', () => {
  test('come one after the other at a host, and each question is asked once', async () => {
    const looks = sharedLooks()
    const asked: string[] = []
    let running = 0
    let most = 0
    const look = (name: string) => async () => {
      asked.push(name)
      most = Math.max(most, ++running)
      await new Promise(resolve => setTimeout(resolve, 5))
      running--
      return name === '1' ? trouble('net.timeout') : done({ offersStartTls: true })
    }
    const answers = await Promise.all([
      looks.run(at('a.test', 1), never, look('1')),
      looks.run(at('A.test', 1), never, look('again')),
      looks.run(at('a.test', 2), never, look('2')),
    ])
    expect(asked).toEqual(['1', '2'])
    expect(most).toBe(1)
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, true])
    await Promise.all([
      looks.run(at('b.test', 1), never, look('b')),
      looks.run(at('c.test', 1), never, look('c')),
    ])
    expect(most).toBe(2)
  })

  test('do not keep what was cut short, and who leaves does not wait', async () => {
    const looks = sharedLooks()
    const leave = new AbortController()
    const cut = looks.run(at('a.test', 1), leave.signal, async () => {
      await new Promise(resolve => leave.signal.addEventListener('abort', resolve))
      return trouble('net.timeout')
    })
    const leaving = looks.run(at('a.test', 1), leave.signal, async () => done({ offersStartTls: true }))
    const staying = looks.run(at('a.test', 1), never, async () => done({ offersStartTls: true }))
    await new Promise(resolve => setImmediate(resolve))
    leave.abort()
    expect([await cut, await leaving, await staying]).toMatchObject([
      { trouble: { code: 'net.timeout' } },
      { trouble: { code: 'test.cancelled' } },
      { ok: true },
    ])
  })
})
