import { join } from 'node:path'
import type { MakeMailReach } from '#engine/mailboxes/mail-reach.ts'
import { createEngine } from '#engine/engine.ts'
import type { HttpsClient } from '#engine/net/https.ts'
import type { createOutside, Outside } from '#engine/net/outside.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { distFolder, ensureBuilt } from '../../src-main/build.ts'
import { serveHttp } from '../../src-main/hosts/headless/http.ts'
import { serveSocket } from '../../src-main/hosts/headless/socket.ts'
import { readPageFiles } from '../../src-main/hosts/page-files.ts'
import { valueOf } from './engine.ts'
import { makeDataDir } from './headless-host.ts'
import { bothAt, type OauthServer } from './oauth-server.ts'
import { testPlatform } from './platform.ts'
import { type TestDns, testDns } from './zone-resolver.ts'

export type ServedEngine = {
  /** The address with the token, for a browser. */
  readonly url: string
  readonly client: InProcessClient
  readonly dns: TestDns
  stop(): Promise<void>
}

/**
 * The engine of this process behind the real headless host's own wire and pages, with what stands around it in place of
 * the network: a literal zone, mail servers and a provider of sign-ins on loopback.
 */
export async function startServedEngine(around: {
  readonly mail: MakeMailReach
  readonly provider?: OauthServer
  readonly dns?: TestDns
  /** Fetches pages; without it none is fetched. */
  readonly makeHttps?: (...options: Parameters<typeof createOutside>) => HttpsClient
}): Promise<ServedEngine> {
  const { mail, provider, dns = testDns(), makeHttps } = around
  const platform = testPlatform({ dataDir: await makeDataDir(), build: await ensureBuilt() })
  const signIn = provider && { endpoints: bothAt(provider), request: provider.request }
  const engine = valueOf(
    await createEngine(
      { ...platform, host: { ...platform.host, opensLinks: 'page' } },
      dns.makeResolver,
      (...options) => (makeHttps ? pagesAlone(makeHttps(...options)) : null),
      { makeMail: mail, ...signIn },
    ),
  )
  const http = await serveHttp({
    listen: '127.0.0.1',
    port: 0,
    now: Date.now,
    files: () => readPageFiles(join(distFolder, 'renderer')),
    accept: socket => void serveSocket(socket, engine.router),
  })
  engine.start()
  return {
    url: `http://127.0.0.1:${http.port}/#token=${http.token}`,
    client: createInProcessClient(engine.router),
    dns,
    stop: async () => {
      await Promise.all([http.close(), engine.stop()])
    },
  }
}

/** No nameserver and no mail server is asked. */
const pagesAlone = (https: HttpsClient): Outside => ({
  nameserverAt: () => null,
  https,
  smtp: () => Promise.reject(new Error('No mail server is probed.')),
})
