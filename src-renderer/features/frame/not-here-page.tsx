import { useLocation } from 'wouter'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { Page, type PageParent } from './page.tsx'

type LoadingPageProps = { title: string; parent: PageParent; label: string }

/** The screen of one thing until it is known whether it is on the list. */
export function LoadingPage({ title, parent, label }: LoadingPageProps) {
  return (
    <Page title={title} parent={parent}>
      <div role="status" aria-label={label} className="flex flex-1 items-center justify-center">
        <Spinner />
      </div>
    </Page>
  )
}

type NotOnListPageProps = {
  parent: PageParent
  what: 'domain' | 'mailbox'
  /** How it may have gone and how it comes back. */
  children: string
}

export function NotOnListPage({ parent, what, children }: NotOnListPageProps) {
  const [, go] = useLocation()
  return (
    <Page title="Not on your list" parent={parent}>
      <EmptyState
        drawing="search"
        title={`This ${what} is not on your list`}
        action={<Button onPress={() => go(parent.to)}>Go to {parent.title}</Button>}
      >
        {children}
      </EmptyState>
    </Page>
  )
}
