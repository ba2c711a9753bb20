import { describe, expect, it } from 'vitest'
import { createGate } from '../../../src-main/hosts/headless/gate.ts'

const make = (settings: { listen?: string; port?: number; now?: () => number } = {}) =>
  createGate({ port: 7468, listen: '127.0.0.1', now: () => 0, ...settings })

function cookieOf(gate: ReturnType<typeof make>): string {
  const session = gate.openSession(gate.token)
  if (session === null || session === 'wait') throw new Error('no session')
  return session.cookie
}

describe('names', () => {
  it.each(['127.0.0.1:7468', 'localhost:7468', 'LOCALHOST:7468', '[::1]:7468'])('lets %s in', host => {
    expect(make().isForUs({ host })).toBe(true)
  })

  it.each([undefined, '', '127.0.0.1', '127.0.0.1:7469', 'evil.example:7468', 'localhost.evil.example:7468'])(
    'turns %s away, as a name that was pointed at this machine',
    host => {
      expect(make().isForUs({ host })).toBe(false)
    },
  )

  it('also answers to the address it was told to listen on', () => {
    expect(make({ listen: '192.0.2.7' }).isForUs({ host: '192.0.2.7:7468' })).toBe(true)
    expect(make({ listen: 'fd00::7' }).isForUs({ host: '[fd00::7]:7468' })).toBe(true)
    expect(make({ port: 80 }).isForUs({ host: 'localhost' })).toBe(true)
  })

  it.each([
    ['http://127.0.0.1:7468', true],
    ['http://localhost:7468', false],
    ['https://127.0.0.1:7468', false],
    ['http://evil.example', false],
    ['null', false],
    [undefined, false],
  ])('a page of %s is ours: %s', (origin, ours) => {
    expect(make().isFromUs({ host: '127.0.0.1:7468', origin })).toBe(ours)
  })
})

describe('sessions', () => {
  it('gives each browser a cookie that page scripts and other sites cannot use', () => {
    const gate = make()
    const [first, second] = [cookieOf(gate), cookieOf(gate)]
    expect(first).toMatch(/^rookery-7468=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(first).not.toBe(second)
    expect(first).not.toContain(gate.token)
    for (const cookie of [first, second]) {
      expect(gate.hasSession({ cookie: `other=1; ${cookie.split(';')[0]}` })).toBe(true)
    }
  })

  it.each([undefined, '', 'rookery-7468', 'rookery-7468=', 'rookery-7468=x', 'xrookery-7468=x', ';;=;'])(
    'has none for the cookie %j',
    cookie => {
      expect(make().hasSession({ cookie })).toBe(false)
    },
  )

  it('is not fooled by a token or cookie of another host', () => {
    const [one, other] = [make(), make()]
    expect(one.openSession(other.token)).toBeNull()
    expect(one.hasSession({ cookie: cookieOf(other).split(';')[0] ?? '' })).toBe(false)
  })

  it('makes a guesser wait, and lets the owner in a minute later', () => {
    let time = 1
    const gate = make({ now: () => time })
    for (let i = 0; i < 20; i++) expect(gate.openSession('guess')).toBeNull()
    expect(gate.openSession(gate.token)).toBe('wait')
    time += 60_001
    expect(gate.openSession(gate.token)).toMatchObject({ cookie: expect.any(String) })
  })

  it('forgets the oldest of very many', () => {
    const gate = make()
    const cookies = Array.from({ length: 65 }, () => cookieOf(gate).split(';')[0] ?? '')
    expect(gate.hasSession({ cookie: cookies[0] ?? '' })).toBe(false)
    expect(gate.hasSession({ cookie: cookies[1] ?? '' })).toBe(true)
    expect(gate.hasSession({ cookie: cookies[64] ?? '' })).toBe(true)
  })
})
