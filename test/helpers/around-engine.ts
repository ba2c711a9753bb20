import type { createResolver } from '#engine/net/resolve.ts'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import type { Outside } from '#engine/net/outside.ts'
import { type Around, sourceAround } from './around.ts'
import { valueOf } from './engine.ts'
import { testPlatform } from './platform.ts'
import type { ZoneText } from './zone.ts'
import { zone } from './zone.ts'

/** The whole engine on a data folder, in a literal zone and what stands around it: nameservers, pages, mail servers. */
export async function engineAround(
  dataDir: string,
  text: ZoneText,
  around: Around,
): Promise<{ client: InProcessClient; stop(): Promise<void> }> {
  const source = sourceAround(zone(text), around)
  const makeResolver: typeof createResolver = () => ({
    lookup: (name, type, { servers }) => {
      const [server] = servers ?? []
      return server === undefined || source.askAt === undefined
        ? source.ask(name, type)
        : source.askAt(server.host, name, type)
    },
    setServers: () => undefined,
    servers: () => [],
    status: () => ({ queriesInFlight: 0, network: 'unknown' }),
    close: () => undefined,
  })
  const outside: Outside = {
    nameserverAt: address => ({ host: address, port: 53 }),
    https: (url, rule) => source.fetchHttps?.(url, rule) ?? Promise.reject(new Error(url)),
    smtp: (host, addresses) => source.probeSmtp?.(host, addresses) ?? Promise.reject(new Error(host)),
  }
  const engine = valueOf(await createEngine(testPlatform({ dataDir }), makeResolver, () => outside))
  return { client: createInProcessClient(engine.router), stop: engine.stop }
}
