import { fail, ok, type Result } from '#shared/failure.ts'
import { limits } from '../net/limits.ts'
import type { DomainListing, TenantDomain } from './api.ts'

export type ListingPage = {
  readonly domains: readonly TenantDomain[]
  /** All that the server says there are; null when it does not say. */
  readonly total: number | null
  readonly hasMore: boolean | null
  readonly cursor: string | null
  readonly deletedIds: readonly string[]
  readonly complete: boolean
  readonly etag: string | null
}

/** One page, or `unchanged` when `etag` still holds. */
export type ReadPage = (page: {
  readonly offset: number
  readonly etag: string | null
}) => Promise<Result<{ readonly kind: 'unchanged' } | { readonly kind: 'page'; readonly page: ListingPage }>>

/**
 * Reads a listing page by page to its end. One that changes meanwhile is begun anew, `limits.tenantListings` times: what was
 * moved from a page that is still to come to one that was read would otherwise look deleted. Fails as `readPage` does, and with
 * `tenant-answer-broken` {problem}: `changing`, `too-many`, `empty-page`.
 */
export async function readListing(
  readPage: ReadPage,
  { etag }: { readonly etag: string | null },
): Promise<Result<DomainListing>> {
  for (let tries = 0; tries < limits.tenantListings; tries++) {
    const read = await readOnce(readPage, etag)
    if (!read.ok || typeof read.value === 'object') return read as Result<DomainListing>
    if (read.value !== 'changed') return broken(read.value)
  }
  return broken('changing')
}

type Trouble = 'changed' | 'too-many' | 'empty-page'

async function readOnce(readPage: ReadPage, etag: string | null): Promise<Result<DomainListing | Trouble>> {
  const first = await readPage({ offset: 0, etag })
  if (!first.ok) return first
  if (first.value.kind === 'unchanged') return ok({ kind: 'unchanged' })
  const opening = first.value.page
  const domains = new Map<string, TenantDomain>()
  const deletedIds = new Set<string>()
  let page = opening
  let received = 0
  let pages = 1
  while (true) {
    for (const domain of page.domains) domains.set(domain.id, domain)
    for (const id of page.deletedIds) deletedIds.add(id)
    received += page.domains.length
    if (domains.size !== received) return ok('changed')
    if (!isMoreAfter(page, received)) break
    if (page.domains.length === 0) return ok('empty-page')
    if (received >= limits.tenantDomains || pages >= limits.tenantPages) return ok('too-many')
    const next = await readPage({ offset: received, etag: null })
    if (!next.ok) return next
    if (next.value.kind === 'unchanged' || isOther(next.value.page, opening)) return ok('changed')
    page = next.value.page
    pages++
  }
  // What is missing from a whole list counts as gone, so there the total must agree.
  if (opening.complete && opening.total !== null && opening.total !== received) return ok('changed')
  // Without a cursor a domain that went and one that came leave the total as it was: the entity tag tells.
  if (pages > 1 && opening.cursor === null && opening.etag !== null) {
    const again = await readPage({ offset: 0, etag: opening.etag })
    if (!again.ok) return again
    if (again.value.kind !== 'unchanged') return ok('changed')
  }
  return ok({
    kind: 'domains',
    complete: opening.complete,
    domains: [...domains.values()],
    deletedIds: [...deletedIds],
    cursor: opening.cursor,
    etag: opening.etag,
  })
}

function isMoreAfter({ hasMore, total }: ListingPage, received: number): boolean {
  return hasMore ?? (total !== null && received < total)
}

function isOther(page: ListingPage, opening: ListingPage): boolean {
  return page.total !== opening.total || page.cursor !== opening.cursor || page.complete !== opening.complete
}

function broken(problem: string) {
  return fail('tenant-answer-broken', { problem }, 'later')
}
