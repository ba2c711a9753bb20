/** `npm run lab:tenant-api [-- port]`: the test server by hand, until Ctrl-C. */
import { createTenantServer } from './server.ts'

const port = Number(process.argv[2] ?? 0)
const server = await createTenantServer({ port })
const state = server.state()
for (const [name, status] of [
  ['example.com', 'verified'],
  ['example.net', 'pending'],
  ['example.org', 'failed'],
] as const) {
  state.put(name, { status, tags: ['lab'] })
  state.setReputation(name, { score: 87, bounce_rate: 0.012, complaint_rate: 0.0004, listed_on: [] })
}
console.log(`Address  ${server.url}`)
console.log(`Tenant   ${server.tenantId}`)
console.log(`Token    ${server.token}`)
console.log(`Faults   curl ${server.url}/lab`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop())
}
