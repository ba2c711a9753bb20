import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { mailAccess } from './mail-access.ts'
import { pacedWorld } from './paced-world.ts'
import { testPool } from './warmup-pool.ts'

/**
 * A process that warms up mailboxes on real servers in played time, and goes on where the last one was killed. Prints the
 * time it has reached. Arguments: data folder, number of mailboxes, ports of SMTP and IMAP, time to begin, time to end.
 */
const [dataDir = '', ...numbers] = process.argv.slice(2)
const [mailboxes = 0, smtpPort = 0, imapPort = 0, beginAt = 0, endAt = 0] = numbers.map(Number)
const kept = join(dataDir, 'kept.json')

class KeptSecrets extends Map<string, string> {
  override set(name: string, text: string): this {
    super.set(name, text)
    writeFileSync(kept, JSON.stringify([...this]))
    return this
  }
}

const secrets = new KeptSecrets()
if (existsSync(kept))
  for (const [name, text] of JSON.parse(readFileSync(kept, 'utf8'))) secrets.set(name, text)
const pool = await testPool({
  mailboxes,
  dataDir,
  secrets,
  startAt: beginAt,
  settings: { strategy: 'aggressive' },
  servers: {
    world: pacedWorld().world,
    addressOf: index => `user${index + 1}@a.test`,
    access: index => mailAccess(index + 1, { smtpPort, imapPort }),
  },
})
pool.settings.tidyAfterDays = 365
// Who is killed leaves no compiled code behind for the next one.
flushCompileCache()
while (pool.clock.now() < endAt) {
  console.log(pool.clock.now())
  await pool.runUntil(pool.clock.now() + 20 * 60_000)
}
await pool.stop()
console.log('done')
