import { setImmediate } from 'node:timers/promises'
import { fakeClock } from './clock.ts'
import { type Fate, type ModelCall, modelTenant } from './model-tenant.ts'
import { seeded } from './seeded.ts'
import { isLevel, type SyncDevice, syncDevice } from './sync-device.ts'

const names = ['a.example', 'b.example', 'c.example', 'd.example']
/** Never touched: with them, deleting all the others is still not a loss (S-45), which has tests of its own. */
const calm = names.map(name => `calm-${name}`)
const hourMs = 60 * 60_000

type Gate = { readonly call: ModelCall; settle(fate: Fate): void; die(): void }
type Party = {
  readonly device: SyncDevice
  /** Requests that were made and whose fate is not decided yet. */
  readonly gates: Gate[]
  readonly mailboxes: Map<string, string>
}

/** What happened in one run, for the tests of the whole. */
export type Story = { steps: number; faults: number; crashes: number; conflicts: number; calls: number }

/**
 * Two devices and one server through `steps` random moments: things people do, rounds of synchronising whose requests are
 * answered one by one in any order, faults before and after they are carried out, double delivery, crashes, clocks hours apart.
 * With `folders` the stores are files, closed and opened again at each crash. Throws, naming the seed, when the three do not come to the same in the end or something was lost on the way.
 */
export async function playSync(
  seed: number,
  steps: number,
  folders: readonly [string, string] | null = null,
): Promise<Story> {
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const chance = (share: number) => random() < share
  const serverClock = fakeClock(1_800_000_000_000 + Math.floor((random() - 0.5) * 48 * hourMs))
  const server = modelTenant({ knowsCursor: chance(0.7), now: serverClock.now })
  const before = server.api(() => 'answered')
  for (const name of calm) {
    const fields = { tags: [], dailyLimit: 50 }
    await before.putDomain(
      { name, fields, ifMatch: null, idempotencyKey: name },
      new AbortController().signal,
    )
  }
  const story: Story = { steps, faults: 0, crashes: 0, conflicts: 0, calls: 0 }
  const wishes: { name: string; field: 'tags' | 'dailyLimit'; value: string | number; by: number }[] = []
  const replaced = new Set<string>()
  const adds = new Map<string, number>()
  const deletions: { name: string; by: number }[] = []
  let made = 0
  let isCalm = false
  // Where nobody else changes anything, nothing can be in conflict.
  const isAlone = seed % 4 === 0

  const parties: Party[] = []
  for (const at of [0, 1] as const) {
    const gates: Gate[] = []
    const api = server.api(call => {
      story.calls += 1
      if (isCalm) return 'answered'
      return new Promise<Fate>((resolve, reject) => {
        gates.push({ call, settle: resolve, die: () => reject(new Error('crash')) })
      })
    })
    const clock = fakeClock(1_800_000_000_000 + Math.floor((random() - 0.5) * 24 * hourMs))
    const device = await syncDevice(api, {
      clock,
      random,
      connected: false,
      ...(folders === null ? {} : { folder: folders[at] ?? '' }),
    })
    parties.push({ device, gates, mailboxes: new Map() })
    // Some are there before anybody connects.
    if (at === 0 || (chance(0.5) && !isAlone)) addAny(at)
    if (chance(0.5) && !(at === 1 && isAlone)) addAny(at)
    device.connect()
  }

  /** Somebody who saw these values decided that they are to go. */
  function note(before: { tags?: string[]; dailyLimit?: number } | undefined, name: string) {
    for (const tag of before?.tags ?? []) replaced.add(`${name} tags ${tag}`)
    if (before?.dailyLimit !== undefined) replaced.add(`${name} dailyLimit ${before.dailyLimit}`)
  }
  function wish(by: number, name: string): { tags?: string[]; dailyLimit?: number } {
    made += 1
    if (chance(0.6)) {
      const value = `t${made}`
      wishes.push({ name, field: 'tags', value, by })
      return { tags: [value] }
    }
    const value = 10 + (made % 491)
    if (value !== 50) wishes.push({ name, field: 'dailyLimit', value, by })
    return { dailyLimit: value }
  }
  function addAny(by: number) {
    const { device } = parties[by] as Party
    const name = pick(names)
    if (device.list().has(name)) return
    adds.set(name, (adds.get(name) ?? 0) + 1)
    device.add(name, wish(by, name))
    // A name that was removed here comes back with what it had, so this is one wish beside what it had.
    const fields = device.list().get(name)
    if (fields !== undefined)
      for (const tag of fields.tags) wishes.push({ name, field: 'tags', value: tag, by })
  }

  const act = (by: number) => {
    const { device, mailboxes } = parties[by] as Party
    const listed = device.list()
    const name = pick(names)
    const before = listed.get(name)
    const what = random()
    if (before === undefined) {
      if (what < 0.6) addAny(by)
    } else if (what < 0.5) {
      const change = wish(by, name)
      note(change.tags === undefined ? { dailyLimit: before.dailyLimit } : { tags: before.tags }, name)
      device.change(name, change)
    } else if (what < 0.75) {
      note(before, name)
      deletions.push({ name, by })
      device.remove(name)
    } else if (what < 0.85) {
      const address = `m${by}@${name}`
      const id = mailboxes.get(address)
      if (id === undefined) mailboxes.set(address, device.addMailbox(address))
      else if (chance(0.5)) device.pauseMailbox(id)
    } else {
      const open = device.conflicts().filter(({ state }) => state === 'open')
      if (open.length === 0) return
      const conflict = pick(open)
      const here = listed.get(conflict.domainName)
      note(here, conflict.domainName)
      if (!device.undo(conflict.id)) return
      if (conflict.code === 'deleted-here') deletions.push({ name: conflict.domainName, by })
      if (conflict.code === 'deleted-there')
        adds.set(conflict.domainName, (adds.get(conflict.domainName) ?? 0) + 1)
      const after = device.list().get(conflict.domainName)
      for (const tag of after?.tags ?? [])
        wishes.push({ name: conflict.domainName, field: 'tags', value: tag, by })
      if (after !== undefined && after.dailyLimit !== 50)
        wishes.push({ name: conflict.domainName, field: 'dailyLimit', value: after.dailyLimit, by })
    }
  }

  const fate = (call: ModelCall): Fate => {
    if (chance(0.6)) return 'answered'
    story.faults += 1
    const isRead = call.name === 'listDomains' || call.name === 'readDomain'
    return pick<Fate>([
      'lost-before',
      'lost-after',
      isRead ? 'answered' : 'twice',
      { code: 'tenant-server-error', done: false, detail: { status: 503 } },
      { code: 'tenant-server-error', done: true, detail: { status: 500 } },
      { code: 'tenant-answer-broken', done: true },
      { code: 'tenant-rate-limited', done: false, detail: { retryAfterMs: 1_000 } },
      { code: 'tenant-timed-out', done: true },
    ])
  }

  const settled = async ({ device, gates }: Party) => {
    for (let turns = 0; turns < 50 && device.isRunning() && gates.length === 0; turns += 1)
      await setImmediate()
  }

  for (let step = 0; step < steps; step += 1) {
    const by = chance(0.5) ? 0 : 1
    const party = parties[by] as Party
    const { device, gates } = party
    const what = random()
    if (what < 0.3) act(isAlone ? 0 : by)
    else if (what < 0.34) {
      story.crashes += 1
      // What was under way may still reach the server, and its answer nobody.
      await device.restart()
      for (const gate of gates.splice(0)) {
        if (chance(0.5)) gate.settle(chance(0.5) ? 'answered' : 'twice')
        else gate.die()
      }
      await setImmediate()
      gates.splice(0)
    } else if (what < 0.38) {
      device.clock.advance(Math.floor(random() * 2 * hourMs))
      serverClock.advance(Math.floor(random() * hourMs))
    } else if (what < 0.41) {
      const domain = [...server.domains.values()].find(({ name }) => names.includes(name))
      if (domain !== undefined) server.verify(domain.name, chance(0.5) ? 'verified' : 'failed')
    } else if (gates.length > 0) {
      const [gate] = gates.splice(Math.floor(random() * gates.length), 1)
      if (gate !== undefined) gate.settle(fate(gate.call))
    } else if (!device.isRunning()) void device.sync()
    await settled(party)
  }

  isCalm = true
  for (const { gates } of parties) for (const gate of gates.splice(0)) gate.settle('answered')
  // Not so long that everything is listed anew: that would mend what the cursor left out.
  for (let round = 0; round < 12; round += 1) {
    for (const { device } of parties) {
      device.clock.advance(hourMs / 4)
      await device.sync()
    }
  }

  const complain = (what: string, facts: unknown) => {
    throw new Error(`seed ${seed}: ${what} ${JSON.stringify(facts)}`)
  }
  const here = parties.map(({ device }) => shown(device.list()))
  const onServer = shown(new Map([...server.domains.values()].map(({ name, fields }) => [name, fields])))
  if (here[0] !== onServer || here[1] !== onServer) complain('the sides differ', { here, onServer })
  for (const { device } of parties) {
    if (!isLevel(device)) complain('something still waits', device.outbox())
    if (device.state().state !== 'up-to-date') complain('it is not up to date', device.state())
  }
  const conflicts = parties.map(({ device }) => device.conflicts())
  story.conflicts = conflicts.flat().length
  if (isAlone && story.conflicts > 0) complain('a conflict with nobody', conflicts)
  for (const { name, field, value, by } of wishes) {
    const last = server.byName(name)?.fields
    const holds = field === 'tags' ? last?.tags.includes(String(value)) : last?.dailyLimit === value
    const isKept = conflicts.flat().some(({ domainName, other }) => {
      if (domainName !== name || other === null) return false
      return field === 'tags' ? other.tags?.includes(String(value)) : other.dailyLimit === value
    })
    if (holds !== true && !isKept && !replaced.has(`${name} ${field} ${value}`))
      complain('a change vanished', { name, field, value, by, conflicts, onServer })
  }
  for (const { name, by } of deletions) {
    const isGone = server.byName(name) === undefined
    const isKept = conflicts[by]?.some(
      ({ domainName, code }) => domainName === name && code === 'deleted-here',
    )
    if (!isGone && isKept !== true && !adds.has(name)) complain('a deletion vanished', { name, by })
  }
  for (const [name, count] of server.made)
    if (count > (adds.get(name) ?? 0) && !calm.includes(name))
      complain('a domain was added twice', { name, count, adds: adds.get(name) })
  for (const [name, count] of server.deleted) {
    const asked = deletions.filter(deletion => deletion.name === name).length
    if (count > asked) complain('a domain was deleted twice', { name, count, asked })
  }
  for (const { device, mailboxes } of parties) {
    for (const [address, id] of mailboxes) {
      const name = address.slice(address.indexOf('@') + 1)
      const told = server.byName(name)?.accounts.get(address)?.state
      const row = device.store.get<{ hold: string | null; removed_at: number | null }>(
        'SELECT hold, removed_at FROM mailboxes WHERE id = ?',
        id,
      )
      const state = row?.removed_at !== null ? 'removed' : (row.hold ?? 'not-fully-tested')
      if (device.list().has(name) && told !== state && !(state === 'removed' && told === undefined))
        complain('a mailbox was not told', { address, told, state })
    }
    device.close()
  }
  return story
}

function shown(list: ReadonlyMap<string, { tags: readonly string[]; dailyLimit: number }>): string {
  return JSON.stringify(
    [...list]
      .map(([name, { tags, dailyLimit }]) => [name, [...tags].toSorted(), dailyLimit])
      .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
  )
}
