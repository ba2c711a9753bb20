import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDemoEngine } from '#engine/demo.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { snapshot, until, valueOf } from './engine.ts'
import { testPlatform } from './platform.ts'

/* Opens the demo workspace in the given folder, waits until every domain was checked, and prints what came of it. */

const zone = await readFile(join(import.meta.dirname, '../../resources/demo.zone'), 'utf8')
const engine = valueOf(await createDemoEngine(testPlatform({ dataDir: process.argv[2] ?? null }), zone))
const client = createInProcessClient(engine.router)
const startedAt = Date.now()
engine.start()
const domains = async () => (await snapshot(client)).domains()
await until(async () => (await domains()).every(domain => (domain.checkedAt ?? 0) >= startedAt))
const all = await domains()
const contacts = valueOf(await client.settings.networkLog({}))
await engine.stop()
console.log(
  JSON.stringify({
    checked: all.length,
    listed: all.reduce((sum, { listings }) => sum + (listings ?? 0), 0),
    contacts: contacts.length,
  }),
)
