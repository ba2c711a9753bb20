import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { a, alias, resolverOf, server, soa } from './asking.ts'
import { freePort } from '../../helpers/ports.ts'

const hasIpv6Loopback = Object.values(networkInterfaces()).some(list =>
  list?.some(entry => entry.address === '::1'),
)

const answering = () => server(question => ({ answers: [a(question.name, '192.0.2.1')] }))

describe('an answer', () => {
  it('is found with its values, TTL and server', async () => {
    const dns = await server(question => ({
      answers: [a(question.name, '192.0.2.1', 300), a(question.name, '192.0.2.2', 200)],
      authenticated: true,
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('Example.TEST.', 'A')).toEqual({
      state: 'found',
      name: 'example.test',
      type: 'A',
      values: ['192.0.2.1', '192.0.2.2'],
      ttlS: 200,
      server: `127.0.0.1:${dns.port}`,
      aliases: [],
      authenticated: true,
      authoritative: false,
    })
  })

  it('tells whether the server holds the zone itself', async () => {
    const dns = await server(question =>
      question.name === 'held.test'
        ? { answers: [a(question.name, '192.0.2.1')], authoritative: true }
        : { authorities: [soa('test')], authoritative: true },
    )
    const { ask } = resolverOf([])
    const servers = [dns]
    expect(await ask('held.test', 'A', { servers })).toMatchObject({ state: 'found', authoritative: true })
    expect(await ask('other.test', 'A', { servers })).toMatchObject({ state: 'absent', authoritative: true })
  })

  it('of a server that does not hold the zone is whom it names, and no absence', async () => {
    const dns = await server(() => ({
      authorities: ['NS2.example.net', 'ns1.example.net'].map(data => ({
        name: 'example.test',
        type: 'NS',
        ttl: 300,
        data,
      })),
    }))
    expect(await resolverOf([dns]).ask('example.test', 'NS')).toMatchObject({
      state: 'unavailable',
      reason: 'refused',
      detail: 'referral',
      referral: { zone: 'example.test', hosts: ['ns1.example.net', 'ns2.example.net'] },
    })
  })

  it('tells NXDOMAIN from NODATA, with the negative TTL of RFC 2308', async () => {
    const dns = await server(question => ({
      rcode: question.name === 'gone.test' ? 3 : 0,
      authorities: [soa('test', question.name === 'gone.test' ? 60 : 900, 600)],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('gone.test', 'A')).toMatchObject({ state: 'absent', reason: 'nxdomain', ttlS: 60 })
    expect(await ask('empty.test', 'A')).toMatchObject({ state: 'absent', reason: 'nodata', ttlS: 600 })
  })

  it('is not cached when it is absent without an SOA', async () => {
    const dns = await server(() => ({ answers: [] }))
    const { ask } = resolverOf([dns])
    expect(await ask('empty.test', 'A')).toMatchObject({ state: 'absent', reason: 'nodata', ttlS: 0 })
    await ask('empty.test', 'A')
    expect(dns.questions).toHaveLength(2)
  })

  it('that is a referral is no absence', async () => {
    const dns = await server(() => ({
      authorities: [{ name: 'test', type: 'NS', ttl: 60, data: 'ns.other.test' }],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({
      state: 'unavailable',
      reason: 'refused',
      detail: 'referral',
    })
  })

  it('is asked for with EDNS and without a name being sent that cannot be', async () => {
    const dns = await answering()
    const { ask } = resolverOf([dns])
    await ask('a.test', 'A')
    expect(dns.questions[0]).toMatchObject({ edns: true, protocol: 'udp' })
    const bad = [
      '',
      'a..test',
      `${'x'.repeat(64)}.test`,
      `${'x.'.repeat(130)}test`,
      'a\\b.test',
      'ä.test',
      '.test',
    ]
    for (const name of bad)
      expect(await ask(name, 'A')).toMatchObject({ state: 'unavailable', reason: 'malformed' })
    expect(dns.questions).toHaveLength(1)
  })
})

it('a name with a space, as macros of SPF make them, is asked for and answered as it is', async () => {
  const dns = await server(() => ({ answers: [a('two words.test', '192.0.2.1')] }))
  expect(await resolverOf([dns]).ask('two words.test', 'A')).toMatchObject({
    state: 'found',
    name: 'two\\032words.test',
    values: ['192.0.2.1'],
  })
  expect(dns.questions[0]?.name).toBe('two words.test')
})

describe('aliases', () => {
  it('are followed within the message', async () => {
    const dns = await server(() => ({
      answers: [
        alias('www.test', 'Mid.test', 50),
        alias('mid.test', 'end.test', 70),
        a('end.test', '192.0.2.1'),
      ],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('www.test', 'A')).toMatchObject({
      state: 'found',
      values: ['192.0.2.1'],
      aliases: ['mid.test', 'end.test'],
      ttlS: 50,
    })
  })

  it('are followed by further questions when they leave the message', async () => {
    const dns = await server(question => ({
      answers:
        question.name === 'www.test' ? [alias('www.test', 'end.test')] : [a('end.test', '192.0.2.1', 20)],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('www.test', 'A')).toMatchObject({ state: 'found', aliases: ['end.test'], ttlS: 20 })
    expect(dns.questions.map(question => question.name)).toEqual(['www.test', 'end.test'])
  })

  it('that lead nowhere are absent, at the end of the chain', async () => {
    const dns = await server(question => ({
      rcode: question.name === 'nx.test' ? 3 : 0,
      answers: [alias(question.name, 'end.test')],
      authorities: [soa('test')],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('nx.test', 'A')).toMatchObject({
      state: 'absent',
      reason: 'nxdomain',
      aliases: ['end.test'],
    })
    expect(await ask('nodata.test', 'A')).toMatchObject({
      state: 'absent',
      reason: 'nodata',
      aliases: ['end.test'],
    })
  })

  it('are not followed when asked for themselves', async () => {
    const dns = await server(() => ({ answers: [alias('www.test', 'end.test')] }))
    const { ask } = resolverOf([dns])
    expect(await ask('www.test', 'CNAME')).toMatchObject({
      state: 'found',
      values: ['end.test'],
      aliases: [],
    })
  })

  it.each([
    ['of two within one message', () => [alias('a.test', 'b.test'), alias('b.test', 'a.test')]],
    ['to itself', () => [alias('a.test', 'a.test')]],
    [
      'of two over several messages',
      (name: string) => [alias(name, name === 'a.test' ? 'b.test' : 'a.test')],
    ],
    ['without end', (name: string) => [alias(name, `x${name}`)]],
    [
      'without end in one message',
      () => Array.from({ length: 30 }, (_, i) => alias(i ? `${i}.test` : 'a.test', `${i + 1}.test`)),
    ],
  ])('in a loop end as cname-loop: %s', async (_, answers) => {
    const dns = await server(question => ({ answers: answers(question.name) }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'cname-loop' })
    expect(dns.questions.length).toBeLessThanOrEqual(11)
  })
})

describe('servers', () => {
  it.each([
    [1, 'format-error'],
    [2, 'servfail'],
    [4, 'not-implemented'],
    [5, 'refused'],
    [9, 'other-rcode'],
  ])('rcode %i is %s', async (rcode, reason) => {
    const dns = await server(() => ({ rcode }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({
      state: 'unavailable',
      reason,
      server: `127.0.0.1:${dns.port}`,
    })
  })

  it('are asked again without EDNS after FORMERR', async () => {
    const dns = await server(question =>
      question.edns ? { rcode: 1, question: null } : { answers: [a(question.name, '192.0.2.1')] },
    )
    const { ask, sent } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found' })
    expect(sent()).toBe(2)
  })

  it('explain a failure in their own words', async () => {
    const text = Buffer.from('signature expired')
    const option = Buffer.concat([Buffer.from([0, 7]), text])
    const dns = await server(() => ({
      rcode: 2,
      additionals: [
        {
          name: '.',
          type: 'OPT',
          data: undefined,
          udpPayloadSize: 1232,
          flags: 0,
          options: [{ code: 15, data: option }],
        } as never,
      ],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({
      reason: 'servfail',
      detail: 'extended error 7: signature expired',
    })
  })

  it('that fail or refuse give way to the next', async () => {
    for (const rcode of [2, 5]) {
      const failing = await server(() => ({ rcode }))
      const good = await answering()
      const { ask } = resolverOf([failing, good])
      expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', server: `127.0.0.1:${good.port}` })
      expect(failing.questions).toHaveLength(1)
    }
  })

  it('are tried in turn, twice each, before a timeout', async () => {
    const order: number[] = []
    const first = await server(() => (order.push(1), 'drop'))
    const second = await server(() => (order.push(2), 'drop'))
    const { ask, sent, log } = resolverOf([first, second], { tryMs: 250 })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'timeout' })
    expect(order).toEqual([1, 2, 1, 2])
    expect(sent()).toBe(4)
    expect(log.list().map(({ count, failures }) => ({ count, failures }))).toEqual([
      { count: 2, failures: 2 },
      { count: 2, failures: 2 },
    ])
  })

  it('that are silent until the time is over count as failed, the last try included; a cancel is none', async () => {
    const silent = await server(() => 'drop')
    const { ask, log } = resolverOf([silent], { tryMs: 600 })
    expect(await ask('a.test', 'A', { deadlineMs: 900 })).toMatchObject({ reason: 'timeout' })
    expect(log.list()).toMatchObject([{ count: 2, failures: 2 }])
    const patient = resolverOf([silent])
    const cancel = new AbortController()
    const asked = patient.ask('b.test', 'A', { cancel: cancel.signal })
    while (!silent.questions.some(({ name }) => name === 'b.test')) await sleep(2)
    cancel.abort()
    expect(await asked).toMatchObject({ reason: 'cancelled' })
    expect(patient.log.list()).toMatchObject([{ count: 1, failures: 0 }])
  })

  it('tell a SERVFAIL rather than the silence of another', async () => {
    const failing = await server(() => ({ rcode: 2 }))
    const silent = await server(() => 'drop')
    const { ask } = resolverOf([failing, silent], { tryMs: 400 })
    expect(await ask('a.test', 'A')).toMatchObject({
      reason: 'servfail',
      server: `127.0.0.1:${failing.port}`,
    })
  })

  it('that are not there are connection-refused', async () => {
    const { ask } = resolverOf([{ host: '127.0.0.1', port: await freePort() }])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'connection-refused' })
  })

  if (hasIpv6Loopback) {
    it('can have IPv6 addresses', async () => {
      const dns = await server(
        question =>
          question.protocol === 'udp' ? { truncated: true } : { answers: [a(question.name, '192.0.2.1')] },
        '::1',
      )
      const { ask } = resolverOf([dns])
      expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', server: `[::1]:${dns.port}` })
      expect(dns.questions.map(question => question.protocol)).toEqual(['udp', 'tcp'])
    })
  } else {
    it('with IPv6 addresses: SKIPPED, as this machine has no IPv6 loopback', () => {
      console.warn('No IPv6 loopback: the resolver was not tried over IPv6.')
    })
  }

  it('can be none at all, or others for one question', async () => {
    const dns = await answering()
    const { ask, resolver } = resolverOf([])
    expect(await ask('a.test', 'A')).toEqual({
      state: 'unavailable',
      name: 'a.test',
      type: 'A',
      reason: 'no-server',
      server: null,
      detail: null,
    })
    expect(await ask('a.test', 'A', { servers: [dns] })).toMatchObject({ state: 'found' })
    resolver.setServers([dns])
    expect(resolver.servers()).toEqual([dns])
    expect(await ask('b.test', 'A')).toMatchObject({ state: 'found' })
  })
})

describe('a deadline', () => {
  it('that passes is a timeout, that is cancelled is cancelled', async () => {
    const dns = await server(() => 'drop')
    const { ask, resolver } = resolverOf([dns])
    expect(await ask('a.test', 'A', { deadlineMs: 50 })).toMatchObject({
      state: 'unavailable',
      reason: 'timeout',
    })
    const cancel = new AbortController()
    const asked = ask('b.test', 'A', { cancel: cancel.signal })
    await sleep(20)
    cancel.abort()
    expect(await asked).toMatchObject({ state: 'unavailable', reason: 'cancelled' })
    expect(await ask('c.test', 'A', { cancel: cancel.signal })).toMatchObject({ reason: 'cancelled' })
    await sleep(10)
    expect(resolver.status().queriesInFlight).toBe(0)
  })

  it('that ends for everyone abandons the question: no further try is sent', async () => {
    const dns = await server(() => 'drop')
    const { ask } = resolverOf([dns], { tryMs: 60 })
    await ask('a.test', 'A', { deadlineMs: 30 })
    await sleep(120)
    expect(dns.questions).toHaveLength(1)
  })
})

describe('equal questions', () => {
  it('in flight are asked once', async () => {
    const dns = await server(question => ({ answers: [a(question.name, '192.0.2.1')], delayMs: 30 }))
    const { ask, sent } = resolverOf([dns])
    const answers = await Promise.all(['a.test', 'A.test', 'a.TEST.', 'a.test'].map(name => ask(name, 'A')))
    expect(answers.map(answer => answer.state)).toEqual(['found', 'found', 'found', 'found'])
    expect(dns.questions).toHaveLength(1)
    expect(sent()).toBe(1)
  })

  it('survive the one who asked first and was cancelled', async () => {
    const dns = await server(question => ({ answers: [a(question.name, '192.0.2.1')], delayMs: 600 }))
    const { ask } = resolverOf([dns])
    const cancel = new AbortController()
    const first = ask('a.test', 'A', { cancel: cancel.signal })
    const second = ask('a.test', 'A')
    await sleep(10)
    cancel.abort()
    expect(await first).toMatchObject({ reason: 'cancelled' })
    expect(await second).toMatchObject({ state: 'found' })
    expect(dns.questions).toHaveLength(1)
  })

  it('asked after everyone left begin anew', async () => {
    const dns = await server(question =>
      question.earlier === 0 ? 'drop' : { answers: [a(question.name, '192.0.2.1')] },
    )
    const { ask } = resolverOf([dns])
    await ask('a.test', 'A', { deadlineMs: 20 })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found' })
  })
})

describe('the cache', () => {
  it('keeps an answer for its TTL and tells what is left of it', async () => {
    let now = 1_000_000
    const dns = await server(question => ({ answers: [a(question.name, '192.0.2.1', 100)] }))
    const { ask, sent } = resolverOf([dns], { now: () => now })
    await ask('a.test', 'A')
    now += 30_500
    expect(await ask('A.test', 'A')).toMatchObject({ state: 'found', ttlS: 70 })
    expect(sent()).toBe(1)
    now += 69_600
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', ttlS: 100 })
    expect(sent()).toBe(2)
  })

  it('keeps absence by the SOA, and nothing for longer than its own bound', async () => {
    let now = 1_000_000
    const dns = await server(question =>
      question.name === 'gone.test'
        ? { rcode: 3, authorities: [soa('test', 60)] }
        : { answers: [a(question.name, '192.0.2.1', 1_000_000)] },
    )
    const { ask, sent } = resolverOf([dns], { now: () => now })
    await ask('gone.test', 'A')
    await ask('long.test', 'A')
    now += 59_000
    expect(await ask('gone.test', 'A')).toMatchObject({ state: 'absent', ttlS: 1 })
    now += 1_000
    await ask('gone.test', 'A')
    expect(sent()).toBe(3)
    now += 3_600_000
    await ask('long.test', 'A')
    expect(sent()).toBe(4)
  })

  it('never keeps what could not be looked up', async () => {
    const dns = await server(question =>
      question.earlier === 0 ? { rcode: 2 } : { answers: [a(question.name, '192.0.2.1')] },
    )
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ reason: 'servfail' })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found' })
  })

  it('is passed by when the answer must be fresh, and learns from it', async () => {
    const dns = await server(question => ({ answers: [a(question.name, `192.0.2.${question.earlier + 1}`)] }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ values: ['192.0.2.1'] })
    expect(await ask('a.test', 'A', { fresh: true })).toMatchObject({ values: ['192.0.2.2'] })
    expect(await ask('a.test', 'A')).toMatchObject({ values: ['192.0.2.2'] })
  })

  it('keeps the answers of different servers apart', async () => {
    const one = await server(question => ({ answers: [a(question.name, '192.0.2.1')] }))
    const two = await server(question => ({ answers: [a(question.name, '192.0.2.2')] }))
    const { ask } = resolverOf([one])
    expect(await ask('a.test', 'A')).toMatchObject({ values: ['192.0.2.1'] })
    expect(await ask('a.test', 'A', { servers: [two] })).toMatchObject({ values: ['192.0.2.2'] })
    expect(await ask('a.test', 'A')).toMatchObject({ values: ['192.0.2.1'] })
  })
})

describe('many questions', () => {
  it('are at most 200 under way; cancelled ones leave the queue', async () => {
    let underWay = 0
    let most = 0
    const dns = await server(question => {
      underWay++
      most = Math.max(most, underWay)
      setTimeout(() => underWay--, 20)
      return { answers: [a(question.name, '192.0.2.1')], delayMs: 20 }
    })
    const { ask, resolver } = resolverOf([dns])
    const cancel = new AbortController()
    const kept = Array.from({ length: 300 }, (_, index) => ask(`k${index}.test`, 'A'))
    const dropped = Array.from({ length: 100 }, (_, index) =>
      ask(`d${index}.test`, 'A', { cancel: cancel.signal }),
    )
    await sleep(0)
    expect(resolver.status().queriesInFlight).toBe(200)
    cancel.abort()
    expect((await Promise.all(dropped)).every(answer => answer.state === 'unavailable')).toBe(true)
    expect((await Promise.all(kept)).every(answer => answer.state === 'found')).toBe(true)
    expect(most).toBeLessThanOrEqual(200)
    expect(resolver.status().queriesInFlight).toBe(0)
    expect(dns.questions.filter(question => question.name.startsWith('d'))).toHaveLength(0)
  })

  it('do not come from one port or with ids in a row', async () => {
    const dns = await answering()
    const { ask } = resolverOf([dns])
    for (let index = 0; index < 64; index++) await ask(`n${index}.test`, 'A')
    const ids = dns.questions.map(question => question.id)
    expect(new Set(ids).size).toBeGreaterThan(60)
    expect(ids.filter((id, index) => id === ((ids[index - 1] ?? id) + 1) % 65_536).length).toBeLessThan(4)
    expect(new Set(dns.questions.map(question => question.fromPort)).size).toBeGreaterThan(1)
  })
})

describe('the network', () => {
  it('is unknown, online after any answer, offline after three failures on all servers', async () => {
    let alive = true
    const dns = await server(() => (alive ? { rcode: 2 } : 'drop'))
    const { ask, resolver } = resolverOf([dns], { tryMs: 300 })
    expect(resolver.status().network).toBe('unknown')
    await ask('a.test', 'A')
    expect(resolver.status().network).toBe('online')
    alive = false
    await ask('b.test', 'A')
    expect(resolver.status().network).toBe('online')
    await ask('c.test', 'A')
    expect(resolver.status().network).toBe('offline')
    alive = true
    await ask('d.test', 'A')
    expect(resolver.status().network).toBe('online')
  })

  it('is not offline because of a silent server beside one that failed once', async () => {
    const dns = await server(() => 'drop')
    const silent = await server(() => 'drop')
    const { ask, resolver } = resolverOf([dns], { tryMs: 400 })
    await ask('dead.test', 'A', { deadlineMs: 600 })
    expect(dns.questions).toHaveLength(2)
    for (const name of ['a.test', 'b.test', 'c.test']) await ask(name, 'A', { servers: [silent] })
    expect(resolver.status().network).not.toBe('offline')
  })

  it('log counts every message, by protocol', async () => {
    const dns = await server(question =>
      question.protocol === 'udp' ? { truncated: true } : { answers: [a(question.name, '192.0.2.1')] },
    )
    const { ask, log } = resolverOf([dns], { now: () => 7 })
    await ask('a.test', 'A')
    const line = {
      host: '127.0.0.1',
      port: dns.port,
      purpose: 'audit',
      count: 1,
      failures: 0,
      firstAt: 7,
      lastAt: 7,
    }
    expect(log.list()).toEqual([
      { ...line, protocol: 'udp' },
      { ...line, protocol: 'tcp' },
    ])
  })
})

it('a closed resolver cancels what is under way and answers nothing more', async () => {
  const dns = await server(() => 'drop')
  const { ask, resolver } = resolverOf([dns])
  const asked = ask('a.test', 'A')
  await sleep(10)
  resolver.close()
  expect(await asked).toMatchObject({ reason: 'cancelled' })
  expect(await ask('b.test', 'A')).toMatchObject({ reason: 'cancelled' })
})
