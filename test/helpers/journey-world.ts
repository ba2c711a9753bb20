import type { Browser } from 'playwright-core'
import type { Client } from '../../src-renderer/client/client.ts'
import type { Connection } from '../../src-renderer/client/connection.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, startChromium } from './chromium.ts'
import { snapshot } from './engine.ts'
import { type DnsFilter, startDnsFilter } from './dns-filter.ts'
import { makeDataDir, type RunningHost, startHeadlessHost } from './headless-host.ts'
import { connectToHost } from './host-client.ts'
import { type Nsd, startNsd } from './nsd.ts'
import { freePort } from './ports.ts'
import { noteSkipped } from './skipped.ts'

export type JourneyWorld = {
  readonly browser: Browser
  readonly dataDir: string
  /** What the host asks. */
  readonly dns: DnsFilter
  host(): RunningHost
  /** A client beside the window's, to arrange what the journey starts from. */
  client(): Client
  /** Waits until no look in the background is under way or comes within this time. */
  restful(forMs: number): Promise<void>
  stopHost(signal?: NodeJS.Signals): Promise<void>
  /** Starts the host again on the same folder, and on the same port. */
  startHost(options?: { dataDir?: string }): Promise<void>
  end(): Promise<void>
}

/**
 * A suite of journeys through the window. `zones` are served by a real NSD; without them every question is answered by
 * the rule of `world().dns`. Where the browser or NSD is missing the suite says so and has one test that states it.
 */
export async function journey(
  name: string,
  zones: Readonly<Record<string, string>> | null,
  tests: (world: () => JourneyWorld) => void,
): Promise<void> {
  const chromium = await findChromium()
  const nsd = chromium === null || zones === null ? null : await startNsd({ zones })
  const missing = chromium === null ? 'no Chromium was found' : zones && !nsd ? 'NSD is not installed' : null
  if (chromium === null || missing !== null) {
    noteSkipped(name, missing ?? '')
    it(`${name}: cannot run on this machine`, async () => {
      expect([await findChromium(), nsd]).toContain(null)
    })
    return
  }
  describe(name, () => {
    let world: JourneyWorld
    beforeAll(async () => {
      world = await createJourneyWorld(chromium, nsd)
    })
    afterAll(() => world?.end())
    tests(() => world)
  })
}

/** A browser, a real host on a folder of its own, and DNS servers on loopback that the host asks. */
async function createJourneyWorld(chromium: string, nsd: Nsd | null): Promise<JourneyWorld> {
  const dns = await startDnsFilter(nsd ?? { host: '127.0.0.1', port: 9 })
  if (nsd === null) dns.decide(() => ({ answers: [], rcode: 3 }))
  const dataDir = await makeDataDir()
  const browser = await startChromium(chromium)
  // Nobody else takes this port while the host is away.
  const port = ['--port', String(await freePort())]
  let host = await startHeadlessHost({ dataDir, args: port })
  let connection: Connection = await connectToHost(host)
  await connection.client.settings.set({ resolvers: [dns.address] })
  const stopHost = async (signal?: NodeJS.Signals) => {
    connection.close()
    await host.stop(signal)
  }
  return {
    browser,
    dataDir,
    dns,
    host: () => host,
    client: () => connection.client,
    restful: async forMs => {
      await expect
        .poll(
          async () =>
            (await snapshot(connection.client)).domains().filter(({ checking, nextCheckAt }) => {
              return checking || (nextCheckAt !== null && nextCheckAt < Date.now() + forMs)
            }),
          { timeout: 100_000, interval: 200 },
        )
        .toEqual([])
    },
    stopHost,
    startHost: async options => {
      host = await startHeadlessHost({ dataDir, ...options, args: port })
      connection = await connectToHost(host)
    },
    end: async () => {
      await browser.close()
      await stopHost()
      await dns.close()
      await nsd?.stop()
    },
  }
}
