import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '#engine/storage/open.ts'
import { valueOf } from '../helpers/engine.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Warmup that is killed, with Dovecot and Postfix', problem)

const mailboxes = 4
/** With ROOKERY_KILLS=200 as often as it was done once. */
const kills = Number(process.env['ROOKERY_KILLS'] ?? 12)
const dayMs = 24 * 60 * 60_000
const script = 'test/helpers/warmup-until-killed.ts'

async function readBooks(dataDir: string, books: Map<string, { messageId: string; state: string }>) {
  const store = valueOf(await openStore(dataDir, Date.now))
  for (const row of store.all<{ messageId: string; state: string }>(
    'SELECT message_id AS messageId, state FROM warmup_messages',
  ))
    books.set(row.messageId, row)
  store.close()
}

describe.runIf(problem === null)('a process that is killed while it sends and receives', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers({ users: mailboxes, junkFor: [2] })
  })
  afterAll(async () => {
    await servers?.stop()
  })

  /** Runs until killed, or to its end; tells the time it had reached. */
  const run = (
    dataDir: string,
    beginAt: number,
    endAt: number,
    killAfterMs: number | null,
  ): Promise<number> =>
    new Promise((resolve, reject) => {
      const words = [dataDir, mailboxes, servers.ports.smtp, servers.ports.imap, beginAt, endAt].map(String)
      const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
      let reached = beginAt
      let text = ''
      let printed = ''
      let isKilled = false
      let timer: NodeJS.Timeout | null = null
      child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        const lines = printed.split('\n')
        printed = lines.pop() ?? ''
        for (const line of lines) if (/^\d+$/.test(line)) reached = Number(line)
        timer ??=
          killAfterMs === null
            ? null
            : setTimeout(() => {
                isKilled = true
                child.kill('SIGKILL')
              }, killAfterMs)
      })
      child.once('close', code => {
        if (timer !== null) clearTimeout(timer)
        if (code === 0 || isKilled) resolve(reached)
        else reject(new Error(text))
      })
    })

  test(`${kills} times: every message of the books once at its recipient or not sent, and none that the books do not know`, {
    timeout: 60_000 + kills * 15_000,
  }, async () => {
    const folder = temporaryFolder()
    const startAt = Date.UTC(2026, 2, 2, 4)
    let reached = startAt
    // The books forget after 35 days, and so many kills take longer.
    const books = new Map<string, { messageId: string; state: string }>()
    for (let kill = 0; kill < kills; kill += 1) {
      reached = await run(folder.path, reached, startAt + 10_000 * dayMs, 30 + Math.random() * 1_500)
      await readBooks(folder.path, books)
    }
    // What was open is settled within days.
    await run(folder.path, reached, reached + 4 * dayMs, null)
    await readBooks(folder.path, books)
    const lying = new Map<string, number>()
    for (let user = 1; user <= mailboxes; user += 1) {
      for (const { messageId } of await servers.messages(user))
        lying.set(messageId, (lying.get(messageId) ?? 0) + 1)
    }
    expect(lying.size).toBeGreaterThan(0)
    expect([...lying].filter(([, count]) => count !== 1)).toEqual([])
    for (const messageId of lying.keys()) expect(books.get(messageId)?.state, messageId).toBe('accepted')
    const all = [...books.values()]
    expect(all.filter(({ messageId, state }) => state === 'accepted' && !lying.has(messageId))).toEqual([])
    expect(all.filter(({ state }) => state === 'intent' || state === 'unknown')).toEqual([])
    folder.remove()
  })
})
