import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EngineRouter, guarded } from '#engine/guard.ts'
import { previewRamp } from '#engine/warmup/plan.ts'
import { dateAt } from '#engine/warmup/local-day.ts'
import { poolReach } from '#engine/warmup/pool.ts'
import { templateProblems, tryTemplate } from '#engine/warmup/try-template.ts'
import { fail, ok } from '#shared/failure.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { TableRow } from '#shared/model/change.ts'
import type { Template, WarmupRow } from '#shared/model/warmup-view.ts'
import { distFolder, ensureBuilt } from '../../src-main/build.ts'
import { serveHttp } from '../../src-main/hosts/headless/http.ts'
import { serveSocket } from '../../src-main/hosts/headless/socket.ts'
import { readPageFiles } from '../../src-main/hosts/page-files.ts'
import { createStubEngine, hello } from '../contract/stub-engine.ts'
import { testLog } from './platform.ts'
import { activityOf, type Box, boxOf, cellsOf, detailsOf, type Told } from './warmup-world.ts'

export type WarmupWindow = {
  readonly url: string
  readonly boxes: readonly Box[]
  /** A row changes, as the engine would have it changed. */
  change(address: string, change: Partial<WarmupRow>): void
  raise(alert: Alert): void
  /** The next call of details, placements and activity fails. */
  failReading(fails: boolean): void
  stop(): Promise<void>
}

/**
 * The window, served as the headless host serves it, over an engine that is a literal world: the mailboxes that are
 * told of, and what is asked of the warmup done to their rows.
 */
export async function serveWarmupWindow(
  told: readonly Told[],
  { inWarmup = () => true }: { inWarmup?: (told: Told) => boolean } = {},
): Promise<WarmupWindow> {
  const build = await ensureBuilt()
  const now = Date.now()
  const boxes = told.map(one => boxOf(one, now))
  const warming = new Map(boxes.filter(({ told }) => inWarmup(told)).map(box => [box.row.id, box]))
  const feed = createFeed([
    ...boxes.map(({ mailbox }) => ({ table: 'mailboxes', key: mailbox.id, row: mailbox }) as const),
    ...[...warming.values()].map(({ row }) => ({ table: 'warmup', key: row.id, row }) as const),
    {
      table: 'settings',
      key: 'settings',
      row: {
        theme: 'system',
        resolvers: [],
        reach: { direct: false, https: false, smtp: false },
        warmup: { startsByItself: true, tidyAfterDays: 7 },
        compareMail: true,
      },
    },
  ])
  let templates: Template[] = []
  let isFailing = false
  const door = guarded(testLog([]))
  const stub = createStubEngine({ hello: () => ok({ ...hello, build }) })

  const put = (box: Box, change: Partial<WarmupRow>) => {
    box.row = { ...box.row, ...change }
    warming.set(box.row.id, box)
    feed.put({ table: 'warmup', key: box.row.id, row: box.row })
  }
  const each = (ids: readonly string[], change: (box: Box) => Partial<WarmupRow> | null) => {
    const changed = ids.filter(id => {
      const box = warming.get(id)
      const wanted = box ? change(box) : null
      if (box && wanted) put(box, wanted)
      return wanted !== null
    })
    return ok({ changed })
  }
  const unless = <T>(answer: () => T) => (isFailing ? fail('internal', { id: 'abc' }, 'now') : ok(answer()))
  const pool = () =>
    [...warming.values()].map(({ row }) => ({
      domain: row.address.slice(row.address.indexOf('@') + 1),
      provider: row.provider,
    }))

  const router: EngineRouter = {
    ...stub.router,
    mailboxes: {
      ...stub.router.mailboxes,
      details: door.mailboxes.details.handler(({ input }) => {
        const box = boxes.find(({ row }) => row.id === input.id)
        return box
          ? ok({
              mailbox: box.mailbox,
              signature: '',
              lastTest: null,
              events: [{ at: now, code: 'added' as const, facts: {} }],
            })
          : fail('mailbox-not-found')
      }),
    },
    warmup: {
      start: door.warmup.start.handler(({ input }) => {
        const begun = boxes.filter(({ row }) => input.ids.includes(row.id) && !warming.has(row.id))
        for (const box of begun) put(box, {})
        return ok({ changed: begun.map(({ row }) => row.id) })
      }),
      stop: door.warmup.stop.handler(({ input }) => {
        const changed = input.ids.filter(id => warming.delete(id))
        for (const id of changed) feed.remove({ table: 'warmup', key: id })
        return ok({ changed })
      }),
      pause: door.warmup.pause.handler(({ input }) =>
        each(input.ids, ({ row }) =>
          row.state.reason === 'paused-by-person'
            ? null
            : { state: { state: 'paused', reason: 'paused-by-person', sinceAt: Date.now(), nextAt: null } },
        ),
      ),
      resume: door.warmup.resume.handler(({ input }) =>
        each(input.ids, ({ row }) =>
          row.state.state !== 'paused' || (row.state.reason !== 'paused-by-person' && !input.anyway)
            ? null
            : {
                state: {
                  state: 'slowed',
                  reason: 'resuming',
                  sinceAt: Date.now(),
                  nextAt: Date.now() + 3 * 86_400_000,
                },
              },
        ),
      ),
      skip: door.warmup.skip.handler(({ input }) =>
        each(input.ids, ({ row }) =>
          row.phase === 'maintenance'
            ? null
            : {
                phase: 'maintenance',
                state: { state: 'maintenance', reason: 'healthy', sinceAt: Date.now(), nextAt: null },
              },
        ),
      ),
      setSettings: door.warmup.setSettings.handler(({ input }) =>
        each(input.ids, box => {
          Object.assign(box, { settings: input.settings })
          return { strategy: input.settings.strategy, targetPerDay: input.settings.targetPerDay }
        }),
      ),
      preview: door.warmup.preview.handler(({ input: { id, settings } }) =>
        ok({
          ramp: previewRamp(settings, {
            startDate: dateAt(now, settings.timeZone),
            days: 60,
            seed: 'window',
            mailboxId: id ?? 'any',
          }),
          reach: poolReach(pool(), { replyRate: settings.replyRate, targetPerDay: settings.targetPerDay }),
        }),
      ),
      details: door.warmup.details.handler(({ input }) => {
        const box = warming.get(input.id)
        return box ? unless(() => detailsOf(box, now)) : fail('mailbox-not-found')
      }),
      domain: door.warmup.domain.handler(() => ok(null)),
      placements: door.warmup.placements.handler(({ input }) =>
        unless(() =>
          cellsOf([...warming.values()].filter(({ row }) => input.id === null || row.id === input.id)),
        ),
      ),
      activity: door.warmup.activity.handler(({ input }) =>
        unless(() => {
          const all = activityOf(boxes, now).filter(
            entry =>
              (input.id === null || entry.mailboxId === input.id) &&
              (input.codes === null || input.codes.includes(entry.code)) &&
              (input.before === null || entry.id < input.before),
          )
          return { entries: all.slice(0, input.limit), more: all.length > input.limit }
        }),
      ),
      templates: door.warmup.templates.handler(() => unless(() => templates)),
      setTemplates: door.warmup.setTemplates.handler(({ input }) => {
        const problems = templateProblems(input.templates)
        if (problems.length === 0) templates = input.templates
        return ok({ problems })
      }),
      tryTemplate: door.warmup.tryTemplate.handler(({ input }) => ok(tryTemplate(input))),
      setCampaign: door.warmup.setCampaign.handler(({ input: { ids, messages } }) =>
        each(ids, ({ row, mailbox }) => {
          const left = Math.max(0, mailbox.dailyLimit - messages)
          const today = { ...row.today, cap: Math.min(row.today.cap, left) }
          return { campaign: { perDay: messages, today: messages }, today }
        }),
      ),
    },
    changes: {
      watch: door.changes.watch.handler(({ signal }) => feed.watch(signal)),
      acknowledge: door.changes.acknowledge.handler(async () => ok(null)),
    },
  }

  const http = await serveWindow(router)
  return {
    url: http.url,
    boxes,
    change: (address, change) => {
      const box = boxes.find(({ row }) => row.address === address)
      if (!box) throw new Error(`no mailbox ${address}`)
      put(box, change)
    },
    raise: alert => feed.put({ table: 'alerts', key: alert.id, row: alert }),
    failReading: fails => (isFailing = fails),
    stop: http.stop,
  }
}

/** The built window over a router in this process, as the headless host serves it. */
export async function serveWindow(router: EngineRouter): Promise<{ url: string; stop(): Promise<void> }> {
  const http = await serveHttp({
    listen: '127.0.0.1',
    port: 0,
    now: Date.now,
    files: () => readPageFiles(join(distFolder, 'renderer')),
    accept: socket => void serveSocket(socket, router),
  })
  return { url: `http://127.0.0.1:${http.port}/#token=${http.token}`, stop: () => http.close() }
}

type Removed = { table: TableRow['table']; key: string }

/** Rows as the change feed tells of them, to every reader from its start. */
function createFeed(rows: readonly TableRow[]) {
  const current = new Map<string, TableRow>(rows.map(row => [`${row.table} ${row.key}`, row]))
  const log: { put: TableRow[]; remove: Removed[] }[] = []
  return {
    put: (row: TableRow) => {
      current.set(`${row.table} ${row.key}`, row)
      log.push({ put: [row], remove: [] })
    },
    remove: (removed: Removed) => {
      current.delete(`${removed.table} ${removed.key}`)
      log.push({ put: [], remove: [removed] })
    },
    async *watch(signal: AbortSignal | undefined) {
      let at = log.length
      yield { kind: 'reset' as const, dataId: hello.dataId }
      yield { kind: 'rows' as const, page: 1, rows: [...current.values()] }
      yield { kind: 'caught-up' as const, page: 2, seq: at }
      for (let page = 3; ; ) {
        if (signal?.aborted) return ok(null)
        const change = log[at]
        if (change === undefined) {
          await sleep(20, undefined, { signal }).catch(() => {})
          continue
        }
        at += 1
        yield { kind: 'changes' as const, page, seq: at, ...change }
        page += 1
      }
    },
  }
}
