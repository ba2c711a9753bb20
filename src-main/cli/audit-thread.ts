import { parentPort, workerData } from 'node:worker_threads'
import { createAudits } from '#engine/domains/audits.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createOutside } from '#engine/net/outside.ts'
import { createResolver } from '#engine/net/resolve.ts'
import type { AuditTask, AuditTold, ThreadData } from './audit-threads.ts'
import { exitCodeOf } from './exit-code.ts'
import { jsonRecord } from './json-record.ts'
import { jsonLine } from './printable.ts'
import type { Told } from './run-audits.ts'

/* One thread of a long list: audits the names it is handed, several at once, and hands back text, which is cheap to pass on. */

const { servers, reach, form, inFlight } = workerData as ThreadData
const networkLog = createNetworkLog({ now: Date.now })
const resolver = createResolver({ networkLog, inFlight, ...(servers.length > 0 ? { servers } : {}) })
const outside = createOutside({ networkLog, now: Date.now })
const audits = createAudits({
  resolver,
  outside,
  now: Date.now,
  reachByDefault: () => ({ direct: true, https: true, smtp: true }),
  selectorsOf: () => [],
  evidenceOf: () => null,
})
const never = new AbortController().signal

parentPort?.on('message', ({ index, target }: AuditTask) => {
  void audits.run(target.name, { signal: never, purpose: 'audit', fresh: 'none', reach }).then(result => {
    const outcome: Told = result.ok
      ? { kind: 'report', target, report: result.value }
      : { kind: 'failed', target, failure: result.failure }
    const text = form === 'line' ? jsonLine(jsonRecord(outcome)) : JSON.stringify(result)
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage({ index, code: exitCodeOf(outcome), text } satisfies AuditTold)
  })
})
