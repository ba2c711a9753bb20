import { expect, it } from 'vitest'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { keepNetworkLog } from '#engine/settings/contacts.ts'
import { openStore } from '#engine/storage/open.ts'
import { limits } from '#engine/net/limits.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { valueOf } from '../../helpers/engine.ts'
import { testLog } from '../../helpers/platform.ts'

const contact = (host: string) =>
  ({ host, port: 53, protocol: 'udp', purpose: 'audit', failed: false }) as const

it('holds so many hosts and no more: those contacted longest ago make place', () => {
  let now = 0
  const log = createNetworkLog({ now: () => now++, most: 10 })
  for (let index = 0; index < 10; index += 1) log.record(contact(`h${index}.example`))
  log.record(contact('h0.example'))
  log.takeDirty()
  log.record(contact('new.example'))
  const hosts = log.list().map(({ host }) => host)
  expect(hosts).toContain('h0.example')
  expect(hosts).toContain('new.example')
  expect(hosts).not.toContain('h1.example')
  expect(hosts).toHaveLength(9)
  expect(log.takeDropped().map(({ host }) => host)).toEqual(['h1.example', 'h2.example'])
  expect(log.takeDropped()).toEqual([])
  expect(log.takeDirty().map(({ host }) => host)).toEqual(['new.example'])
})

it('so it is where it is kept, also when more were kept before', async () => {
  const clock = fakeClock()
  const store = valueOf(await openStore(null, clock.now))
  const count = () => store.get<{ count: number }>('SELECT count(*) AS count FROM network_contacts')?.count
  store.write(writes => {
    for (let index = 0; index < limits.networkContacts + 5; index += 1)
      writes.run(
        'INSERT INTO network_contacts VALUES (?, 53, ?, ?, 1, 0, ?, ?)',
        `h${index}.example`,
        'udp',
        'audit',
        index,
        index,
      )
  })
  const log = keepNetworkLog(store, clock, testLog())
  log.record(contact('h0.example'))
  log.stop()
  expect(count()).toBe(limits.networkContacts * 0.9 + 1)
  expect(store.get("SELECT count, last_at FROM network_contacts WHERE host = 'h0.example'")).toEqual({
    count: 1,
    last_at: clock.now(),
  })
  store.close()
})
