import { afterEach, describe, expect, it } from 'vitest'
import { fail } from '#shared/failure.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { type Fate, type ModelCall, modelTenant } from '../../helpers/model-tenant.ts'
import { type SyncDevice, syncDevice } from '../../helpers/sync-device.ts'

const open: SyncDevice[] = []
afterEach(() => {
  for (const device of open.splice(0)) device.close()
})

/** A server, and a device on it whose requests meet the fates that a test sets. */
async function world(options: { knowsCursor?: boolean; connected?: boolean } = {}) {
  const clock = fakeClock()
  const server = modelTenant({ ...options, now: clock.now })
  const fates: ((call: ModelCall) => Fate | undefined)[] = []
  const answer = (call: ModelCall): Fate => {
    for (const decide of fates) {
      const fate = decide(call)
      if (fate !== undefined) return fate
    }
    return 'answered'
  }
  const another = async (connected = options.connected ?? true) => {
    const device = await syncDevice(server.api(answer), { clock, connected })
    open.push(device)
    return device
  }
  /** What changed on the server by another hand. */
  const other = server.api()
  const signal = new AbortController().signal
  let keys = 0
  const there = async (name: string, fields: { tags: string[]; dailyLimit: number }) => {
    const found = server.byName(name)
    keys += 1
    const ifMatch = found === undefined ? null : `v${found.revision}`
    await other.putDomain({ name, fields, ifMatch, idempotencyKey: `other-${keys}` }, signal)
  }
  const deleteThere = async (name: string) => {
    keys += 1
    const id = server.byName(name)?.id ?? ''
    await other.deleteDomain({ id, ifMatch: null, idempotencyKey: `other-${keys}` }, signal)
  }
  const device = await another()
  return { clock, server, device, another, fates, there, deleteThere }
}

const fields = (tags: string[], dailyLimit = 50) => ({ tags, dailyLimit })
const sent = (calls: readonly ModelCall[]) =>
  calls.filter(({ name }) => name !== 'listDomains' && name !== 'readDomain')

describe('who owns what', () => {
  it('S-01: the server’s own values are shown and never sent or mixed in', async () => {
    const { server, device } = await world()
    device.add('a.example', fields(['x']))
    await device.sync()
    server.verify('a.example', 'failed')
    await device.sync()
    const status = device.store.get<{ status: string }>('SELECT status FROM domains')?.status
    expect(status).toBe('pending')
    const [row] = device.feature().readers.serverDomains.page(null, 10)
    expect(row?.row).toMatchObject({ serverStatus: 'failed' })
    device.change('a.example', fields(['y']))
    await device.sync()
    expect(server.byName('a.example')).toMatchObject({ status: 'failed', fields: fields(['y']) })
    expect(JSON.stringify(sent(server.calls).at(-1)?.input)).not.toContain('failed')
  })
})

describe('the outbox', () => {
  it('S-20: what was added and deleted before it was sent is never sent', async () => {
    const { server, device } = await world()
    await device.sync()
    device.add('a.example')
    expect(device.outbox()).toMatchObject([{ kind: 'add', state: 'waiting' }])
    device.remove('a.example')
    expect(device.outbox()).toEqual([])
    await device.sync()
    expect(sent(server.calls)).toEqual([])
  })

  it('S-21, S-22: changes become one, and go with a deletion', async () => {
    const { server, device } = await world()
    device.add('a.example')
    await device.sync()
    device.change('a.example', fields(['x']))
    device.change('a.example', fields(['y'], 80))
    expect(device.outbox()).toMatchObject([{ kind: 'change' }])
    device.remove('a.example')
    expect(device.outbox()).toMatchObject([{ kind: 'delete' }])
    device.add('a.example', fields(['y']))
    expect(device.outbox()).toMatchObject([{ kind: 'change' }])
    await device.sync()
    expect(server.byName('a.example')?.fields.tags).toEqual(['y'])
    expect(server.deleted.size).toBe(0)
  })

  it('S-23, S-28: what may have arrived is sent again with the same key and body, also after a restart', async () => {
    const { server, device, fates } = await world()
    await device.sync()
    device.add('a.example', fields(['x']))
    let lost = 2
    fates.push(({ name }) => (name === 'putDomain' && lost-- > 0 ? 'lost-after' : undefined))
    await device.sync()
    expect(device.outbox()).toMatchObject([{ state: 'sending', failure: { code: 'tenant-unreachable' } }])
    device.change('a.example', fields(['y']))
    await device.restart()
    await device.sync()
    await device.sync()
    const puts = server.calls.filter(({ name }) => name === 'putDomain').map(({ input }) => input)
    expect(puts).toHaveLength(4)
    expect(puts[1]).toEqual(puts[0])
    expect(puts[2]).toEqual(puts[0])
    expect(puts[3]).toMatchObject({ fields: fields(['y']) })
    expect(puts[3]?.['idempotencyKey']).not.toBe(puts[0]?.['idempotencyKey'])
    expect(server.made.get('a.example')).toBe(1)
    expect(server.byName('a.example')?.fields.tags).toEqual(['y'])
  })

  it('S-24: of one domain one thing at a time, the domain before its mailboxes; others beside it', async () => {
    const { server, device, fates } = await world()
    await device.sync()
    device.addMailbox('anna@a.example')
    device.add('a.example')
    device.add('b.example')
    device.add('c.example')
    let underWay = 0
    let most = 0
    const domainsUnderWay = new Set<string>()
    fates.push(call => {
      if (call.name !== 'putDomain' && call.name !== 'putAccount') return undefined
      return (async () => {
        const name = String(call.input['name'] ?? 'a.example')
        expect(domainsUnderWay.has(name)).toBe(false)
        domainsUnderWay.add(name)
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise(setImmediate)
        underWay -= 1
        domainsUnderWay.delete(name)
        return 'answered'
      })() as unknown as Fate
    })
    await device.sync()
    expect(most).toBe(3)
    const names = sent(server.calls).map(({ name, input }) => `${name} ${String(input['name'] ?? '')}`)
    expect(names.indexOf('putDomain a.example')).toBeLessThan(names.indexOf('putAccount '))
    expect(server.byName('a.example')?.accounts.size).toBe(1)
  })

  it('S-25: what is refused waits with the reason and is not sent again by itself', async () => {
    const { server, device } = await world()
    await device.sync()
    server.refusedNames.add('a.example')
    device.add('a.example', fields(['x']))
    await device.sync()
    expect(device.outbox()).toMatchObject([
      {
        kind: 'add',
        state: 'refused',
        failure: { code: 'tenant-refused', detail: { reason: 'not this name' } },
      },
    ])
    expect(device.state()).toMatchObject({ state: 'up-to-date', refused: 1, waiting: 0 })
    const calls = sent(server.calls).length
    // A check of the domain writes its row, and is no decision about it.
    device.store.write(writes => {
      const id = writes.get<{ id: string }>('SELECT id FROM domains')?.id ?? ''
      writes.changed('domains', id, 'put')
    })
    await device.sync()
    expect(sent(server.calls)).toHaveLength(calls)
    server.refusedNames.clear()
    device.change('a.example', fields(['y']))
    await device.sync()
    expect(server.byName('a.example')?.fields.tags).toEqual(['y'])
    expect(device.outbox()).toEqual([])
  })

  it('S-26: a refused deletion brings the domain back, with its mailboxes and the reason', async () => {
    const { server, device } = await world()
    device.add('a.example', fields(['x'], 80))
    device.addMailbox('anna@a.example')
    await device.sync()
    server.refuseDeletes = true
    device.remove('a.example', 'go')
    expect(device.list().size).toBe(0)
    await device.sync()
    expect(device.list().get('a.example')).toEqual(fields(['x'], 80))
    const mailbox = device.store.get<{ removed_at: number | null }>('SELECT removed_at FROM mailboxes')
    expect(mailbox?.removed_at).toBeNull()
    expect(device.outbox()).toMatchObject([
      { kind: 'delete', state: 'refused', failure: { detail: { reason: 'it is still in use' } } },
    ])
    await device.sync()
    expect(server.byName('a.example')?.accounts.get('anna@a.example')?.state).toBe('not-fully-tested')
  })

  it('S-27: a pause stops everything until the time the server said', async () => {
    const { server, device, fates, clock } = await world()
    await device.sync()
    for (let index = 0; index < 9; index += 1) device.add(`d${index}.example`)
    let allowed = 3
    fates.push(({ name }) => {
      if (name !== 'putDomain') return undefined
      if (allowed-- > 0) return 'answered'
      return { code: 'tenant-rate-limited', done: false, detail: { retryAfterMs: 60_000 } }
    })
    await device.sync()
    expect(device.state()).toMatchObject({ state: 'paused', nextAt: clock.now() + 60_000, waiting: 6 })
    expect(server.domains.size).toBe(3)
    allowed = 100
    clock.advance(60_000)
    await device.sync()
    expect(server.domains.size).toBe(9)
    expect(device.state().state).toBe('up-to-date')
  })

  it('S-29: one change that the server fails over does not hold up the others', async () => {
    const { server, device, fates, clock } = await world()
    await device.sync()
    device.add('bad.example')
    device.add('good.example')
    fates.push(({ name, input }) =>
      name === 'putDomain' && input['name'] === 'bad.example'
        ? { code: 'tenant-server-error', done: false, detail: { status: 500 } }
        : undefined,
    )
    await device.sync()
    expect(server.byName('good.example')).toBeDefined()
    expect(device.outbox()).toMatchObject([{ domainName: 'bad.example', state: 'sending', tries: 1 }])
    await device.sync()
    expect(device.outbox()).toMatchObject([{ tries: 1 }])
    clock.advance(60_000)
    fates.pop()
    await device.sync()
    expect(server.byName('bad.example')).toBeDefined()
  })

  it('S-44: a change of a domain that was deleted there removes it here and keeps the change', async () => {
    const { device, deleteThere } = await world({ knowsCursor: false })
    device.add('a.example', fields(['x']))
    await device.sync()
    await deleteThere('a.example')
    device.change('a.example', fields(['y']))
    await device.sync()
    expect(device.list().size).toBe(0)
    expect(device.conflicts()).toMatchObject([{ code: 'deleted-there', other: fields(['y']), state: 'open' }])
  })
})

describe('clocks', () => {
  it('S-17: a clock that was turned back by a day holds nothing up', async () => {
    const { server, device, fates, clock } = await world()
    await device.sync()
    device.add('a.example')
    fates.push(() => ({ code: 'tenant-server-error', done: false, detail: { status: 500 } }))
    await device.sync()
    fates.pop()
    fates.push(() => 'lost-before')
    await device.sync()
    fates.pop()
    const back = clock.now() - 24 * 60 * 60_000
    device.turnClock(back)
    const job = device.feature().jobs['sync.round']
    const settle = await job?.run({ key: 'sync', attempt: 0, signal: new AbortController().signal })
    expect(settle).toBeDefined()
    expect(server.byName('a.example')).toBeDefined()
  })
})

describe('conflicts', () => {
  it('S-18: both values are there, and the one that was kept is on both sides', async () => {
    const { server, device, there } = await world()
    device.add('a.example', fields(['x']))
    await device.sync()
    await there('a.example', fields(['theirs']))
    device.change('a.example', fields(['ours']))
    await device.sync()
    expect(server.byName('a.example')?.fields.tags).toEqual(['ours'])
    expect(device.conflicts()).toMatchObject([
      { code: 'both-changed', field: 'tags', kept: { tags: ['ours'] }, other: { tags: ['theirs'] } },
    ])
    expect(device.state().conflicts).toBe(1)
  })

  it('S-19: undoing puts the other value back, here and there', async () => {
    const { server, device, there } = await world()
    device.add('a.example', fields(['x']))
    await device.sync()
    await there('a.example', fields(['theirs']))
    device.change('a.example', fields(['ours']))
    await device.sync()
    expect(device.undo(device.conflicts()[0]?.id ?? '')).toBe(true)
    expect(device.list().get('a.example')?.tags).toEqual(['theirs'])
    await device.sync()
    expect(server.byName('a.example')?.fields.tags).toEqual(['theirs'])
    expect(device.conflicts()).toMatchObject([{ state: 'undone' }])
    expect(device.undo(device.conflicts()[0]?.id ?? '')).toBe(false)
  })

  it('S-19: undoing a deletion there adds the domain again; undoing a return deletes it', async () => {
    const { server, device, there, deleteThere } = await world()
    device.add('a.example', fields(['x']))
    device.add('b.example', fields(['x']))
    await device.sync()
    await deleteThere('a.example')
    device.change('a.example', fields(['ours'], 90))
    await there('b.example', fields(['theirs']))
    device.remove('b.example')
    await device.sync()
    expect([...device.list().keys()]).toEqual(['b.example'])
    for (const { id } of device.conflicts()) device.undo(id)
    await device.sync()
    expect(device.list()).toEqual(new Map([['a.example', fields(['ours'], 90)]]))
    expect([...server.domains.values()].map(({ name }) => name)).toEqual(['a.example'])
  })
})

describe('the connection', () => {
  it('S-30: the same tenant goes on where it stopped', async () => {
    const { server, device } = await world()
    device.add('a.example')
    await device.sync()
    device.add('b.example')
    device.connect('tenant-1')
    expect(device.outbox()).toMatchObject([{ domainName: 'b.example', kind: 'add' }])
    await device.sync()
    expect(server.domains.size).toBe(2)
    expect(
      server.calls.filter(({ name, input }) => name === 'listDomains' && input['cursor'] === null),
    ).toHaveLength(1)
  })

  it('S-31: another tenant begins anew, and nothing is deleted on either side', async () => {
    const { server, device } = await world()
    device.add('a.example')
    await device.sync()
    device.remove('a.example')
    device.add('b.example')
    device.connect('tenant-2')
    expect(device.outbox()).toEqual([])
    await device.sync()
    expect([...device.list().keys()]).toEqual(['a.example', 'b.example'])
    expect(server.deleted.size).toBe(0)
  })

  it('S-33: the first time both sides are brought together before anything is sent', async () => {
    const { server, device, there } = await world({ connected: false })
    await there('both.example', fields(['theirs'], 90))
    await there('there.example', fields([]))
    device.add('both.example', fields(['ours']))
    device.add('here.example')
    const calls = server.calls.length
    device.connect()
    device.change('here.example', fields(['x']))
    expect(device.outbox()).toEqual([])
    await device.sync()
    expect(server.calls.slice(calls).map(({ name }) => name)[0]).toBe('listDomains')
    const both = fields(['ours', 'theirs'], 90)
    expect(device.list()).toEqual(
      new Map([
        ['both.example', both],
        ['here.example', fields(['x'])],
        ['there.example', fields([])],
      ]),
    )
    expect(server.byName('both.example')?.fields).toEqual(both)
    expect(server.byName('here.example')?.fields.tags).toEqual(['x'])
    expect(device.conflicts()).toEqual([])
    expect(server.made.get('both.example')).toBe(1)
  })

  it('S-34: a token that is not accepted stops everything until there is another', async () => {
    const { device, fates, clock } = await world()
    await device.sync()
    fates.push(() => ({ code: 'tenant-unauthorised', done: false }))
    device.add('a.example')
    await device.sync()
    expect(device.state()).toMatchObject({
      state: 'needs-sign-in',
      waiting: 1,
      nextAt: null,
      failure: fail('tenant-unauthorised').failure,
    })
    clock.advance(60 * 60_000)
    const job = device.feature().jobs['sync.round']
    const signal = new AbortController().signal
    const settle = await job?.run({ key: 'sync', attempt: 0, signal })
    expect(device.store.write(writes => settle?.(writes))).toBeNull()
    fates.pop()
    device.connect()
    await device.sync()
    expect(device.state().state).toBe('up-to-date')
  })

  it('S-16: a limit out of bounds there is made to fit here, and nothing is sent because of it', async () => {
    const { server, device, there } = await world()
    await there('a.example', fields([' x ', ''], 9_000))
    const before = sent(server.calls).length
    await device.sync()
    await device.sync()
    expect(device.list().get('a.example')).toEqual(fields(['x'], 500))
    expect(sent(server.calls)).toHaveLength(before)
  })
})

describe('what the server lists', () => {
  it('S-40: a partial listing says nothing about the others', async () => {
    const { device, there } = await world({ knowsCursor: true })
    device.add('a.example')
    device.add('b.example')
    await device.sync()
    await there('b.example', fields(['theirs']))
    await device.sync()
    expect([...device.list().keys()]).toEqual(['a.example', 'b.example'])
    expect(device.list().get('b.example')?.tags).toEqual(['theirs'])
  })

  it('S-41: while nobody knows whether a change arrived, what the list says of it waits', async () => {
    const { device, fates, there, clock } = await world()
    device.add('a.example', fields(['x']))
    await device.sync()
    let broken = true
    fates.push(({ name }) =>
      broken && name === 'putDomain' ? { code: 'tenant-answer-broken', done: true } : undefined,
    )
    device.change('a.example', fields(['ours']))
    await device.sync()
    await there('a.example', fields(['theirs']))
    await device.sync()
    expect(device.list().get('a.example')?.tags).toEqual(['ours'])
    broken = false
    clock.advance(60 * 60_000)
    await device.sync()
    // Theirs was decided knowing ours, so it holds and there is no conflict.
    expect(device.list().get('a.example')?.tags).toEqual(['theirs'])
    expect(device.conflicts()).toEqual([])
  })

  it('S-42: a crash on the way brings everything again', async () => {
    const { device, there } = await world()
    for (let index = 0; index < 150; index += 1) await there(`d${index}.example`, fields([`t${index}`]))
    const { rounds } = device.feature()
    const gone = rounds
      .run({
        fresh: false,
        signal: new AbortController().signal,
        tell: event => {
          if (event.kind === 'taking-in' && event.done < event.total) void device.restart()
        },
      })
      .catch(() => 'died')
    expect(await gone).toBe('died')
    expect(device.list().size).toBe(100)
    await device.sync()
    expect(device.list().size).toBe(150)
    expect(device.conflicts()).toEqual([])
  })

  it('S-43: a domain that a complete list leaves out is gone only when the server says so', async () => {
    const { server, device, deleteThere } = await world({ knowsCursor: false })
    device.add('a.example')
    device.add('b.example')
    await device.sync()
    const kept = server.byName('a.example')
    const forgetful = server.api()
    await deleteThere('b.example')
    expect(forgetful).toBeDefined()
    // A list with a hole in it: the server still answers for the domain itself.
    if (kept !== undefined)
      Object.defineProperty(server.domains, 'values', { value: () => [][Symbol.iterator]() })
    await device.sync()
    expect([...device.list().keys()]).toEqual(['a.example'])
  })
})

describe('mailboxes', () => {
  it('S-50, S-51, S-52: are registered, told of and told away, and never taken over', async () => {
    const { server, device, another } = await world()
    device.add('a.example')
    const id = device.addMailbox('Anna@a.example')
    device.addMailbox('elsewhere@unlisted.example')
    await device.sync()
    const state = () => server.byName('a.example')?.accounts.get('anna@a.example')?.state
    expect(state()).toBe('not-fully-tested')
    expect(server.calls.filter(({ name }) => name === 'putAccount')).toHaveLength(1)
    const second = await another()
    await second.sync()
    expect(second.list().size).toBe(1)
    expect(second.store.all('SELECT id FROM mailboxes')).toEqual([])
    device.pauseMailbox(id)
    await device.sync()
    expect(state()).toBe('paused')
    device.removeMailbox(id)
    await device.sync()
    expect(state()).toBe('removed')
  })

  it('S-08: stay when their domain was deleted there', async () => {
    const { device, deleteThere } = await world()
    device.add('a.example')
    device.addMailbox('anna@a.example')
    await device.sync()
    await deleteThere('a.example')
    await device.sync()
    expect(device.list().size).toBe(0)
    expect(device.store.all('SELECT id FROM mailboxes WHERE removed_at IS NULL')).toHaveLength(1)
    expect(device.outbox()).toEqual([])
  })

  it('S-53: give their credentials only where it was chosen, and these are written down nowhere', async () => {
    const { server, device } = await world()
    device.add('a.example')
    const anna = device.addMailbox('anna@a.example')
    device.addMailbox('ben@a.example')
    await device.sync()
    expect(JSON.stringify(server.calls)).not.toContain('canary-pass-77aa')
    device.shareCredential(anna)
    await device.sync()
    const account = (address: string) => server.byName('a.example')?.accounts.get(address)
    expect(account('anna@a.example')?.credentials).toMatchObject({
      user: 'anna',
      password: 'canary-pass-77aa',
    })
    expect(account('ben@a.example')?.credentials).toBeNull()
    expect(JSON.stringify(device.store.all('SELECT * FROM sync_outbox'))).not.toContain('canary')
    expect(JSON.stringify(device.store.all('SELECT * FROM sync_accounts'))).not.toContain('canary')
  })
})
