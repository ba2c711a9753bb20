import { useState } from 'react'
import { countOf } from '#shared/words/phrases.ts'
import { useClient } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { tellFailure } from '../../frame/failures.ts'

/** Splits "client a, client b" into tags. */
export function readTags(text: string): string[] {
  return [...new Set(text.split(',').map(tag => tag.trim()))].filter(tag => tag !== '')
}

export function TagDialog({ ids, isOpen, onClose }: { ids: string[]; isOpen: boolean; onClose: () => void }) {
  const client = useClient()
  const [text, setText] = useState('')
  const apply = async (how: 'add' | 'remove') => {
    const result = await client.domains.tag({ ids, [how]: readTags(text) })
    if (!result.ok) return tellFailure(result.failure)
    setText('')
    onClose()
  }
  const tooLong = readTags(text).some(tag => tag.length > 40)
  const isReady = readTags(text).length > 0 && !tooLong
  return (
    <Dialog
      title={`Tag ${countOf(ids.length, 'domain')}`}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button isDisabled={!isReady} onPress={() => void apply('remove')}>
            Remove these tags
          </Button>
          <Button kind="primary" isDisabled={!isReady} onPress={() => void apply('add')}>
            Add these tags
          </Button>
        </>
      }
    >
      <TextField
        label="Tags"
        autoFocus
        value={text}
        onChange={setText}
        placeholder="Client name, group"
        description="Separate several with commas."
        error={tooLong ? 'A tag can have at most 40 characters.' : undefined}
      />
    </Dialog>
  )
}
