import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useReplicaReady } from '../../replica/domains.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page, type PageParent } from './page.tsx'

type ListedPageProps<Thing> = {
  /** What the replica says: null when it has none, undefined while that is not known. */
  thing: Thing | null | undefined
  what: 'domain' | 'mailbox'
  parent: PageParent
  /** Of the screen and of its spinner, until the thing is known. */
  title: string
  label?: string
  children: (thing: Thing) => ReactNode
}

/** The screen of one thing that may not be on the list any more, or not yet as far as is known. */
export function ListedPage<Thing>(props: ListedPageProps<Thing>) {
  const { thing, what, parent, title, label = `Loading the ${what}`, children } = props
  const isReady = useReplicaReady()
  if (thing === undefined || (thing === null && !isReady))
    return (
      <Page title={title} parent={parent}>
        <Loading label={label} className="flex-1 items-center justify-center" />
      </Page>
    )
  return thing === null ? <NotOnListPage what={what} parent={parent} /> : children(thing)
}

/** How it may have gone and how it comes back. */
const returns: Record<ListedPageProps<unknown>['what'], string> = {
  domain: 'It may have been deleted. A deleted domain comes back when you add it again within seven days.',
  mailbox: 'It may have been removed. Add it again to bring it back.',
}

function NotOnListPage({ what, parent }: Pick<ListedPageProps<unknown>, 'what' | 'parent'>) {
  const [, go] = useLocation()
  return (
    <Page title="Not on your list" parent={parent}>
      <EmptyState
        drawing="search"
        title={`This ${what} is not on your list`}
        action={<Button onPress={() => go(parent.to)}>Go to {parent.title}</Button>}
      >
        {returns[what]}
      </EmptyState>
    </Page>
  )
}
