import { setImmediate } from 'node:timers/promises'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { noMail } from '#engine/mailboxes/mail-reach.ts'
import { ensureBuilt } from '../../src-main/build.ts'
import { closedOutside } from './around.ts'
import { canary } from './canary.ts'
import { type FakeClock, fakeClock } from './clock.ts'
import { readToEnd, snapshot, valueOf } from './engine.ts'
import { type MemoryMailWorld, memoryMailWorld } from './mail-world.ts'
import { testPlatform } from './platform.ts'
import { serveWindow } from './warmup-window.ts'
import { type TestDns, testDns } from './zone-resolver.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** Mail servers that stand in one memory, and a time that goes by when it is played. */
export type PlayedTime = {
  readonly clock: FakeClock
  readonly world: MemoryMailWorld
  /** Plays time forward in small steps; what falls due on the way is done before the next one. */
  play(forMs: number, stepMs?: number): Promise<void>
}

export type PlayedEngine = {
  readonly client: InProcessClient
  /** The window of it, with the token, for a browser. */
  readonly url: string
  /** Begins what is done in the background. */
  start(): void
  /** Adds mailboxes from a list, without their domains, and gives the ids of all there are. */
  addMailboxes(addresses: readonly string[]): Promise<string[]>
  stop(): Promise<void>
}

/** It is early on a day, so that its whole window lies ahead. */
export function playedTime(): PlayedTime {
  const clock = fakeClock(new Date(Date.now()).setUTCHours(4, 0, 0, 0))
  const world = memoryMailWorld(clock)
  return {
    clock,
    world,
    play: async (forMs, stepMs = minuteMs) => {
      for (const until = clock.now() + forMs; clock.now() < until; ) {
        clock.advance(Math.min(stepMs, until - clock.now()))
        let quiet = 0
        while (quiet < 3) {
          await setImmediate()
          quiet = world.busy() > 0 ? 0 : quiet + 1
        }
      }
    },
  }
}

/** The real engine on that time and those servers, and the built window over it. */
export async function playedEngine(
  { clock, world }: PlayedTime,
  dns: TestDns = testDns(),
): Promise<PlayedEngine> {
  const platform = testPlatform({ clock, build: await ensureBuilt() })
  const engine = valueOf(
    await createEngine(platform, dns.makeResolver, () => closedOutside(), {
      makeMail: options => ({ ...noMail(options), world }),
    }),
  )
  const client = createInProcessClient(engine.router)
  const served = await serveWindow(engine.router)
  return {
    client,
    url: served.url,
    start: engine.start,
    addMailboxes: async addresses => {
      const text = [
        'address;password;smtp host;imap host',
        ...addresses.map(address => `${address};${canary()};127.0.0.1;127.0.0.1`),
      ].join('\n')
      const list = valueOf(await client.mailboxes.readList({ text })).list ?? ''
      const added = client.mailboxes.addList({ list, timeZone: 'UTC', addDomains: false })
      valueOf((await readToEnd(added)).result)
      return [...(await snapshot(client)).rows.values()].flatMap(row =>
        row.table === 'mailboxes' ? [row.row.id] : [],
      )
    },
    stop: async () => {
      await served.stop()
      await engine.stop()
    },
  }
}
