import { mailboxReasonCodes, mailboxStatuses } from '#shared/model/mailbox-values.ts'
import { describe, expect, test } from 'vitest'
import { connectionFailureCodes } from '#shared/model/connection.ts'
import { mailboxEventCodes } from '#shared/model/mailbox.ts'
import { describeMailboxEvent, mailboxReasonLine, mailboxStatusWords } from '#shared/words/mailboxes.ts'

const isSentence = (line: string) => {
  expect(line).toMatch(/^(?:[\p{Lu}\d“]|smtp\.).*[.”]$/su)
  expect(line).not.toMatch(/undefined|NaN|\[object|!|\s{2}|\s[.,;:]/)
}

test.each(mailboxStatuses)('the status %s has a name and a gloss', status => {
  expect(mailboxStatusWords[status].name).not.toBe('')
  isSentence(mailboxStatusWords[status].gloss)
})

test.each([...mailboxReasonCodes, ...connectionFailureCodes])('the reason %s is a whole sentence', code => {
  isSentence(mailboxReasonLine({ code, facts: {} }))
})

describe.each(mailboxEventCodes)('the event %s', code => {
  test.each([[{}], [{ code: 'auth.bad-credentials', evidence: '535 no', host: 'smtp.example.com' }]])(
    'is a whole sentence with %j',
    facts => isSentence(describeMailboxEvent({ at: 1, code, facts }).title),
  )
})
