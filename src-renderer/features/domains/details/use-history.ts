import { useCall } from '../../../client/use-call.ts'

type Point = { at: number; score: number | null }

const none: readonly Point[] = []

/** When the domain was checked and what came of it, the earliest check still kept first; none before the first answer. */
export function useHistory(id: string, checkedAt: number | null): readonly Point[] {
  const { value } = useCall(checkedAt === null ? null : `${id} ${checkedAt}`, client =>
    client.domains.history({ id }),
  )
  return value ?? none
}
