import { countOf } from '#shared/words/phrases.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useRemoval } from './removal.ts'

/** Asks before mailboxes go with their domain. */
export function RemovalDialog() {
  const question = useRemoval(state => state.question)
  if (question === null) return null
  const { what, mailboxes, answer } = question
  return (
    <Dialog
      title={`Remove ${what} with its mailboxes?`}
      isOpen
      onClose={() => answer(false)}
      actions={
        <>
          <Button onPress={() => answer(false)}>Keep everything</Button>
          <Button kind="danger" onPress={() => answer(true)}>
            Remove all of it
          </Button>
        </>
      }
    >
      <p>
        {countOf(mailboxes, 'mailbox goes', 'mailboxes go')} with it. For seven days everything can be brought
        back; then the passwords are forgotten for good.
      </p>
    </Dialog>
  )
}
