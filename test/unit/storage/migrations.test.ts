import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Migration } from '#engine/storage/migrate.ts'
import { migrations } from '#engine/storage/migrations/all.ts'
import { openStoreWith } from '#engine/storage/open.ts'
import { printOf } from '#engine/warmup/text-print.ts'
import { printsFor } from '#engine/warmup/texts.ts'
import { temporaryFolder } from '../../helpers/platform.ts'

let folder: ReturnType<typeof temporaryFolder>
let time = Date.UTC(2026, 10, 22)
const now = () => (time += 1_000)

beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

async function openAt(steps: readonly Migration[]) {
  const result = await openStoreWith(folder.path, now, steps)
  if (!result.ok) throw new Error(`${result.failure.code} ${JSON.stringify(result.failure.detail)}`)
  return result.value
}

const backups = () => readdirSync(join(folder.path, 'backups')).toSorted()

/** A step after the real ones that turns one column into another, as a later build might. */
function later(number: number): Migration {
  return {
    number,
    name: `later-${number}`,
    up: database =>
      database.exec(
        `ALTER TABLE meta ADD COLUMN step_${number} TEXT; UPDATE meta SET step_${number} = upper(value)`,
      ),
  }
}
const last = migrations.length

describe('the list of migrations', () => {
  test('is numbered from 1 without a gap', () => {
    expect(migrations.map(step => step.number)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('makes STRICT tables only', async () => {
    const store = await openAt(migrations)
    const loose = store.all(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    expect(loose).toEqual([])
    store.close()
  })
})

describe('0001-first-tables', () => {
  test('holds one row of everything the features write', async () => {
    const store = await openAt(migrations.slice(0, 1))
    store.write(writes => {
      writes.run("INSERT INTO settings VALUES ('settings', '{}')")
      writes.run("INSERT INTO jobs (kind, key, run_at) VALUES ('a', 'b', 1)")
      writes.run("INSERT INTO network_contacts VALUES ('127.0.0.1', 53, 'udp', 'audit', 1, 0, 1, 1)")
      writes.run(
        `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
         VALUES ('d', 'example.com', 'example.com', 'pending', '{}', '[]', 1)`,
      )
      writes.run("INSERT INTO reports (domain_id, started_at, body) VALUES ('d', 1, x'00')")
      writes.changed('domains', 'd', 'put')
    })
    expect(() => store.write(writes => writes.run("UPDATE domains SET status = 'fine'"))).toThrow(/CHECK/)
    expect(() => store.write(writes => writes.run("UPDATE domains SET tags = 'no json'"))).toThrow(/CHECK/)
    expect(() => store.write(writes => writes.run("UPDATE domains SET added_at = 'soon'"))).toThrow(/INTEGER/)
    store.write(writes => writes.run("DELETE FROM domains WHERE id = 'd'"))
    expect(store.all('SELECT * FROM reports')).toEqual([])
    store.close()
  })
})

describe('0002-blacklists', () => {
  test('leaves what is there alone, and takes in alerts, listings, reports, tests and secrets', async () => {
    const old = await openAt(migrations.slice(0, 1))
    old.write(writes =>
      writes.run(
        `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
         VALUES ('d', 'example.com', 'Example.com', 'verified', '{}', '["vip"]', 7)`,
      ),
    )
    old.close()
    const store = await openAt(migrations.slice(0, 2))
    expect(store.get('SELECT display_name, tags, added_at FROM domains')).toEqual({
      display_name: 'Example.com',
      tags: '["vip"]',
      added_at: 7,
    })
    const alert =
      "INSERT INTO alerts (id, domain_id, code, subject, severity, facts, raised_at) VALUES (?, 'd', 'c', 's', 'critical', '{}', 1)"
    store.write(writes => {
      writes.run(alert, 'a1')
      writes.run("INSERT INTO blacklist_reports VALUES ('d', 1, '{}')")
      writes.run("INSERT INTO blacklist_listings VALUES ('d', '192.0.2.1', 'bl.example', 1)")
      writes.run(
        "INSERT INTO blacklist_tests VALUES ('bl.example', 'ip4', '127.0.0.1', 0, 'passed', NULL, 1)",
      )
      writes.run("INSERT INTO secrets VALUES ('k', x'00', 1)")
    })
    expect(() => store.write(writes => writes.run(alert, 'a2'))).toThrow(/UNIQUE/)
    store.write(writes => {
      writes.run("UPDATE alerts SET state = 'resolved', resolved_by = 'person'")
      writes.run(alert, 'a2')
      writes.run("DELETE FROM domains WHERE id = 'd'")
    })
    for (const table of ['alerts', 'blacklist_reports', 'blacklist_listings']) {
      expect(store.all(`SELECT * FROM ${table}`)).toEqual([])
    }
    expect(store.all('SELECT name FROM secrets')).toEqual([{ name: 'k' }])
    store.close()
  })
})

describe('0004-listing-weights', () => {
  test('gives the listings that stand the name and weight their report has', async () => {
    const old = await openAt(migrations.slice(0, 3))
    old.write(writes => {
      writes.run(
        `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
         VALUES ('d', 'example.com', 'example.com', 'verified', '{}', '[]', 1)`,
      )
      const lists = [
        { zone: 'a.example', name: 'List A', state: 'listed', weight: 3 },
        { zone: 'b.example', name: 'List B', state: 'unavailable', weight: 1 },
      ]
      const body = JSON.stringify({ targets: [{ target: '192.0.2.1', lists }] })
      writes.run("INSERT INTO blacklist_reports VALUES ('d', 1, ?)", body)
      for (const zone of ['a.example', 'b.example', 'gone.example'])
        writes.run("INSERT INTO blacklist_listings VALUES ('d', '192.0.2.1', ?, 1)", zone)
    })
    old.close()
    const store = await openAt(migrations.slice(0, 4))
    expect(store.all('SELECT zone, name, weight, since_at FROM blacklist_listings ORDER BY zone')).toEqual([
      { zone: 'a.example', name: 'List A', weight: 3, since_at: 1 },
      { zone: 'b.example', name: 'List B', weight: 1, since_at: 1 },
      { zone: 'gone.example', name: '', weight: 0, since_at: 1 },
    ])
    store.close()
  })
})

describe('0014-blacklist-answers', () => {
  test('tells reports with an answer from those without', async () => {
    const old = await openAt(migrations.slice(0, 13))
    old.write(writes => {
      for (const [id, state] of [
        ['answered', 'not-listed'],
        ['silent', 'refused'],
      ] as const) {
        writes.run(
          `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
           VALUES (?, ?, 'x', 'verified', '{}', '[]', 1)`,
          id,
          `${id}.example`,
        )
        const body = JSON.stringify({ targets: [{ target: '192.0.2.1', lists: [{ state }] }] })
        writes.run('INSERT INTO blacklist_reports VALUES (?, 1, ?)', id, body)
      }
    })
    old.close()
    const store = await openAt(migrations)
    expect(store.all('SELECT domain_id, answered FROM blacklist_reports ORDER BY domain_id')).toEqual([
      { domain_id: 'answered', answered: 1 },
      { domain_id: 'silent', answered: 0 },
    ])
    store.close()
  })
})

describe('0005-vault-keys', () => {
  const secret = "INSERT INTO secrets (name, sealed, sealed_at) VALUES ('k', x'0102', 7)"

  test('gives what is sealed already to the key of before', async () => {
    const old = await openAt(migrations.slice(0, 4))
    old.write(writes => writes.run(secret))
    old.close()
    const store = await openAt(migrations.slice(0, 5))
    expect(store.all('SELECT name, sealed, sealed_at, key_id FROM secrets')).toEqual([
      { name: 'k', sealed: new Uint8Array([1, 2]), sealed_at: 7, key_id: '' },
    ])
    expect(store.all('SELECT * FROM vault_keys')).toEqual([
      { id: '', place: 'keychain', state: 'current', sealed_key: null, proof: null, made_at: 7 },
    ])
    const another =
      "INSERT INTO vault_keys (id, place, state, made_at) VALUES ('b', 'keychain', 'current', 1)"
    expect(() => store.write(writes => writes.run(another))).toThrow(/UNIQUE/)
    store.close()
  })

  test('knows no key where nothing was sealed', async () => {
    ;(await openAt(migrations.slice(0, 4))).close()
    const store = await openAt(migrations.slice(0, 5))
    expect(store.all('SELECT * FROM vault_keys')).toEqual([])
    store.close()
  })
})

describe('0006-mailboxes', () => {
  test('keeps every alert of a domain, gives domains a limit, and takes in mailboxes with alerts of their own', async () => {
    const old = await openAt(migrations.slice(0, 5))
    old.write(writes => {
      writes.run(
        `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
         VALUES ('d', 'example.com', 'Example.com', 'verified', '{}', '[]', 7)`,
      )
      writes.run(
        `INSERT INTO alerts (id, domain_id, code, subject, severity, facts, state, raised_at, resolved_at, resolved_by)
         VALUES ('a1', 'd', 'c', 's', 'high', '{"x":1}', 'resolved', 5, 6, 'itself')`,
      )
      writes.run(
        `INSERT INTO alerts (id, domain_id, code, subject, severity, facts, raised_at)
         VALUES ('a2', 'd', 'c', 's', 'critical', '{}', 8)`,
      )
    })
    old.close()
    const store = await openAt(migrations.slice(0, 6))
    expect(store.get('SELECT daily_limit FROM domains')).toEqual({ daily_limit: 50 })
    expect(
      store.all(
        'SELECT id, domain_id, mailbox_id, facts, state, raised_at, resolved_by FROM alerts ORDER BY id',
      ),
    ).toEqual([
      {
        id: 'a1',
        domain_id: 'd',
        mailbox_id: null,
        facts: '{"x":1}',
        state: 'resolved',
        raised_at: 5,
        resolved_by: 'itself',
      },
      {
        id: 'a2',
        domain_id: 'd',
        mailbox_id: null,
        facts: '{}',
        state: 'open',
        raised_at: 8,
        resolved_by: null,
      },
    ])
    const alert = `INSERT INTO alerts (id, domain_id, mailbox_id, code, subject, severity, facts, raised_at)
      VALUES (?, ?, ?, 'c', 's', 'high', '{}', 1)`
    store.write(writes => {
      writes.run(
        `INSERT INTO mailboxes (id, address_key, address, domain_name, time_zone, connection, standing, added_at)
         VALUES ('m', 'mia@example.com', 'Mia@example.com', 'example.com', 'Europe/Berlin', '{}', 'active', 1)`,
      )
      writes.run("INSERT INTO mailbox_events (mailbox_id, at, code, facts) VALUES ('m', 1, 'added', '{}')")
      writes.run(alert, 'a3', null, 'm')
    })
    expect(() => store.write(writes => writes.run(alert, 'a4', null, 'm'))).toThrow(/UNIQUE/)
    expect(() => store.write(writes => writes.run(alert, 'a4', 'd', 'm'))).toThrow(/CHECK/)
    expect(() => store.write(writes => writes.run(alert, 'a4', null, null))).toThrow(/CHECK/)
    expect(() => store.write(writes => writes.run('UPDATE domains SET daily_limit = 501'))).toThrow(/CHECK/)
    expect(() => store.write(writes => writes.run("UPDATE mailboxes SET standing = 'fine'"))).toThrow(/CHECK/)
    store.write(writes => writes.run("DELETE FROM mailboxes WHERE id = 'm'"))
    expect(store.all('SELECT id FROM mailbox_events')).toEqual([])
    expect(store.all('SELECT id FROM alerts ORDER BY id')).toEqual([{ id: 'a1' }, { id: 'a2' }])
    store.close()
  })
})

describe('0007-sync', () => {
  test('connects nobody, leaves what is there alone, and takes in a connection with what it agreed on', async () => {
    const old = await openAt(migrations.slice(0, 6))
    old.write(writes =>
      writes.run(
        `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at)
         VALUES ('d', 'example.com', 'example.com', 'verified', '{}', '["a"]', 7)`,
      ),
    )
    old.close()
    const store = await openAt(migrations.slice(0, 7))
    expect(store.all('SELECT id, tags FROM domains')).toEqual([{ id: 'd', tags: '["a"]' }])
    for (const table of ['connection', 'domains', 'accounts', 'reread', 'outbox', 'conflicts'])
      expect(store.all(`SELECT * FROM sync_${table}`)).toEqual([])
    const insert =
      "INSERT INTO sync_outbox (domain_name, kind, state, wish, queued_at) VALUES ('a', 'add', ?, '{}', 1)"
    store.write(writes => writes.run(insert, 'waiting'))
    // What is being sent has its request and its key; without them nobody could send the same again.
    expect(() => store.write(writes => writes.run(insert, 'sending'))).toThrow(/CHECK/)
    store.write(writes =>
      writes.run(
        "INSERT INTO sync_connection (id, base_url, tenant_id, connected_at) VALUES (1, 'u', 't', 1)",
      ),
    )
    expect(() =>
      store.write(writes =>
        writes.run(
          "INSERT INTO sync_connection (id, base_url, tenant_id, connected_at) VALUES (2, 'u', 't', 1)",
        ),
      ),
    ).toThrow(/CHECK/)
    store.close()
  })
})

describe('0010-warmup-texts', () => {
  test('keeps of each text enough to know it again, for who wrote it and who got it', async () => {
    const before = migrations.findIndex(({ name }) => name === 'warmup-texts')
    const old = await openAt(migrations.slice(0, before))
    const texts = [
      'Would Tuesday at nine suit you for a walk by the river',
      'The soup is worth the way alone',
    ]
    const [print, other] = texts.map(printOf)
    old.write(writes => {
      for (const [index, text] of texts.entries()) {
        // Only the lowest two bits of each value are kept; the rest is anything.
        const values = Array.from(printOf(text)).flatMap(octet =>
          [0, 2, 4, 6].map(shift => (0x5a5a_5a50 + octet * 64 + ((octet >> shift) & 3)) >>> 0),
        )
        writes.run(
          'INSERT INTO warmup_prints (from_no, to_no, at, hash, signature) VALUES (1, 2, ?, ?, ?)',
          time + index,
          'abc',
          new Uint8Array(Uint32Array.from(values).buffer),
        )
      }
    })
    old.close()
    const store = await openAt(migrations)
    const used = printsFor(store, 1, 3, time)
    expect(used).toHaveLength(1)
    expect(Buffer.from(used[0] ?? [])).toEqual(Buffer.concat([print ?? [], other ?? []] as Uint8Array[]))
    expect(printsFor(store, 3, 2, time)).toEqual(used)
    expect(printsFor(store, 2, 1, time)).toEqual([])
    store.close()
  })
})

describe('migrating an older file', () => {
  test('moves its data, after a copy of the whole old file', async () => {
    const old = await openAt(migrations)
    old.write(writes => writes.run("INSERT INTO meta (key, value) VALUES ('word', 'penguin')"))
    old.close()
    const store = await openAt([...migrations, later(last + 1), later(last + 2)])
    expect(
      store.get(
        `SELECT value, step_${last + 1} AS one, step_${last + 2} AS two FROM meta WHERE key = 'word'`,
      ),
    ).toEqual({ value: 'penguin', one: 'PENGUIN', two: 'PENGUIN' })
    expect(store.dataId).toBe(old.dataId)
    store.close()

    expect(backups()).toHaveLength(1)
    const copy = new DatabaseSync(join(folder.path, 'backups', backups()[0] ?? ''), { readOnly: true })
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: last })
    expect(copy.prepare("SELECT * FROM meta WHERE key = 'word'").get()).toEqual({
      key: 'word',
      value: 'penguin',
    })
    copy.close()
  })

  test('makes no copy of a new file, or when nothing is to be done', async () => {
    ;(await openAt(migrations)).close()
    ;(await openAt(migrations)).close()
    expect(readdirSync(folder.path)).not.toContain('backups')
  })

  test('keeps the last three copies', async () => {
    const steps = [...migrations]
    for (let number = last + 1; number <= last + 5; number += 1) {
      ;(await openAt(steps)).close()
      steps.push(later(number))
    }
    ;(await openAt(steps)).close()
    expect(backups().map(name => /v(\d+)\.db$/.exec(name)?.[1])).toEqual(
      [last + 2, last + 3, last + 4].map(String),
    )
  })

  test('that fails half way leaves the file at the version before, with its rows', async () => {
    ;(await openAt(migrations)).close()
    const broken: Migration = {
      number: last + 1,
      name: 'broken',
      up: database => {
        database.exec('DELETE FROM meta; CREATE TABLE half (x) STRICT')
      },
    }
    await expect(openStoreWith(folder.path, now, [...migrations, broken])).rejects.toThrow()
    const store = await openAt(migrations)
    expect(store.all('SELECT key FROM meta')).toEqual([{ key: 'data-id' }])
    store.close()
  })
})
