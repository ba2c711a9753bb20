// Opens the data folder named by the first argument, says so, and holds it until it is ended.
import { openStore } from '#engine/storage/open.ts'

const result = await openStore(process.argv[2] ?? null, Date.now)
process.stdout.write(`${JSON.stringify(result.ok ? { held: process.pid } : result.failure)}\n`)
if (result.ok) setInterval(() => {}, 60_000)
