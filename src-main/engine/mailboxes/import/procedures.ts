import { fail, ok, type Result } from '#shared/failure.ts'
import type { Discovery } from '#shared/model/discovery.ts'
import type { ImportEvent, ImportOutcome } from '#shared/model/mailbox-import.ts'
import type { guarded } from '../../guard.ts'
import { limits } from '../../net/limits.ts'
import { refuse, writeOrRefuse } from '../../storage/failures.ts'
import type { Secrets } from '../../vault/secrets.ts'
import type { DiscoverMailbox, MailboxDependencies } from '../procedures.ts'
import { isMailboxListed } from '../store.ts'
import { addRows, domainsToLookUp } from './add-list.ts'
import { createLists } from './lists.ts'
import { type ListRow, readMailboxList } from './read-list.ts'

type ImportDependencies = Pick<
  MailboxDependencies,
  'store' | 'keeper' | 'discover' | 'readName' | 'addDomain' | 'now'
> & { readonly vault: Secrets }

/** Lists of mailboxes: `src-shared/contract/mailboxes.ts` says what each procedure answers. */
export function mailboxImportProcedures(
  engine: ReturnType<typeof guarded>,
  { store, vault, keeper, discover, readName, addDomain, now }: ImportDependencies,
) {
  const os = engine.mailboxes
  const lists = createLists({ vault, now })
  return {
    readList: os.readList.handler(async ({ input }) => {
      const read = readMailboxList(input.text, { readName, isKnown: key => isMailboxListed(store, key) })
      if (!read.ok) return read
      const { separator, columns, rows } = read.value
      const good = rows.filter(({ problems }) => problems.length === 0)
      const list = good.length === 0 ? ok(null) : await lists.keep(read.value)
      if (!list.ok) return list
      return ok({
        list: list.value,
        separator,
        columns: [...columns],
        rows: rows.map(({ line, address, smtp, imap, hasPassword, problems }) => ({
          line,
          address,
          smtp,
          imap,
          hasPassword,
          problems: [...problems],
        })),
        good: good.length,
        domainsToLookUp: domainsToLookUp(good).length,
      })
    }),

    addList: os.addList.handler(async function* ({
      input,
      signal = never,
    }): AsyncGenerator<ImportEvent, Result<ImportOutcome>, void> {
      const taken = await lists.take(input.list)
      if (!taken.ok) return taken
      const { rows, passwords } = taken.value
      const found = new Map<string, Result<Discovery>>()
      const domains = domainsToLookUp(rows)
      for await (const [domain, result] of discoverAll(domains, rows, discover, signal)) {
        found.set(domain, result)
        yield { kind: 'looking', done: found.size, total: domains.length }
      }
      if (signal.aborted) return fail('cancelled', {}, 'now')
      yield { kind: 'saving', total: rows.length }
      const opened = await vault.open()
      if (!opened.ok) return opened
      const written = writeOrRefuse(store, writes => {
        const { timeZone } = input
        const outcome = addRows(writes, {
          rows,
          passwords,
          found,
          timeZone,
          now: now(),
          vault,
          keeper,
          onFailure: refuse,
        })
        const addedDomains = new Set(
          outcome.added.map(({ address }) => address.slice(address.lastIndexOf('@') + 1)),
        )
        if (input.addDomains) for (const name of addedDomains) addDomain(writes, name)
        return outcome
      })
      if (written.ok) lists.drop(input.list)
      return written
    }),

    dropList: os.dropList.handler(({ input }) => {
      lists.drop(input.list)
      return ok(null)
    }),
  }
}

const never = new AbortController().signal

/** Looks the servers of each domain up, by the first of its addresses, a few at a time, in the order they finish. */
async function* discoverAll(
  domains: readonly string[],
  rows: readonly ListRow[],
  discover: DiscoverMailbox,
  signal: AbortSignal,
): AsyncGenerator<readonly [string, Result<Discovery>], void, void> {
  const waiting = domains.values()
  const running = new Map<string, Promise<readonly [string, Result<Discovery>]>>()
  const begin = () => {
    const next = waiting.next()
    if (next.done || signal.aborted) return
    const domain = next.value
    const address = rows.find(row => row.domainName === domain)?.address ?? ''
    running.set(
      domain,
      toEnd(discover(address, signal)).then(result => [domain, result]),
    )
  }
  for (let count = 0; count < limits.mailboxDiscoveriesAtOnce; count += 1) begin()
  while (running.size > 0) {
    const ended = await Promise.race(running.values())
    running.delete(ended[0])
    begin()
    yield ended
  }
}

async function toEnd(events: ReturnType<DiscoverMailbox>): Promise<Result<Discovery>> {
  while (true) {
    const step = await events.next()
    if (step.done) return step.value
  }
}
