import { resolve } from 'node:path'
import type { InProcessClient } from '#engine/in-process.ts'
import type { Failure } from '#shared/failure.ts'
import type { Partner } from '#shared/model/partner.ts'
import { failureLine } from '#shared/words/failures.ts'
import {
  partnerSentence,
  partnerStateWords,
  partnerTextProblemSentence,
  partnerTextWords,
  takesSentence,
} from '#shared/words/partners.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exitCodes } from './exit-code.ts'
import { rowsOfTable } from './on-data-folder.ts'
import { dataFolder, openDataFolder } from './open-data-folder.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import { readLines } from './read-lines.ts'
import { readText } from './read-text.ts'
import type { OfferFlags, PartnersFlags, PartnersVerb } from './warmup-partners-command.ts'

/** What a verb came to: what is printed, and the exit code. */
type Done = { readonly code: number; readonly text: string; readonly json: unknown }
type Refused = { readonly refused: string }

/**
 * Runs `rookery warmup partners`, `invite`, `accept`, `confirm` or `revoke` on a data folder that no other process uses,
 * and returns the exit code. Nothing is sent: texts are printed, for the person to hand over.
 */
export async function runPartnersVerb(
  options: PartnersFlags & { readonly verb: PartnersVerb; readonly build: string },
): Promise<number> {
  const { verb, build, json = false } = options
  const { stdout, refuse } = openOutputs()
  if (options.passphraseStdin && verb.kind === 'accept' && verb.file === '-') {
    return refuse('Standard input cannot hold both the passphrase and the text. Give the text as a file.')
  }
  const [passphrase = null] = options.passphraseStdin ? await readLines(process.stdin, 1) : []
  if (options.passphraseStdin && passphrase === null) return refuse('No passphrase was given.')
  const read = verb.kind === 'accept' ? await readText(verb.file, process.stdin) : null
  if (read !== null && !read.ok) return refuse(`The text was not read: ${read.why}.`)
  const opened = await openDataFolder({
    build,
    folder: resolve(dataFolder(options.dataDir)),
    passphrase,
  })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const { client, stop } = opened.value
  try {
    const done = await perform(client, verb, read?.ok === true ? read.text : '')
    if ('refused' in done) return await refuse(done.refused)
    await stdout.write(json ? jsonLine(done.json) : done.text)
    await stdout.flush()
    return done.code
  } finally {
    await stop()
  }
}

const failed = (failure: Failure): Refused => ({ refused: failureLine(failure) })

async function perform(client: InProcessClient, verb: PartnersVerb, text: string): Promise<Done | Refused> {
  switch (verb.kind) {
    case 'list': {
      const partners = await rowsOfTable(client, 'partners')
      return { code: exitCodes.clean, text: report(partners), json: { partners } }
    }
    case 'invite': {
      const offer = await offered(client, verb.offer)
      if ('refused' in offer) return offer
      const made = await client.partners.invite({ ...offer, days: verb.days })
      if (!made.ok) return failed(made.failure)
      return { code: exitCodes.clean, text: made.value.text, json: made.value }
    }
    case 'accept':
      return accept(client, verb.offer, text)
    case 'confirm':
    case 'revoke': {
      const partners = await rowsOfTable(client, 'partners')
      const key = verb.partner.toLowerCase()
      const found = partners.filter(
        ({ id, name, state }) => id === key || (name.toLowerCase() === key && state !== 'ended'),
      )
      const [partner] = found
      if (partner === undefined || found.length > 1)
        return { refused: 'No one partner has this name or id. rookery warmup partners lists them.' }
      const { id } = partner
      if (verb.kind === 'confirm') {
        const confirmed = await client.partners.confirm({ id })
        if (!confirmed.ok) return { refused: 'There is no check number of this partner to confirm.' }
        return { code: exitCodes.clean, text: 'Agreed. Mail may go.\n', json: { id } }
      }
      const ended = await client.partners.revoke({ id })
      if (!ended.ok) return { refused: 'This agreement has ended already.' }
      return {
        code: exitCodes.clean,
        text: ended.value.text ?? 'Taken back. Nobody has to be told.\n',
        json: { id, ...ended.value },
      }
    }
  }
}

async function accept(client: InProcessClient, flags: OfferFlags, text: string): Promise<Done | Refused> {
  const read = await client.partners.read({ text })
  if (!read.ok) return failed(read.failure)
  if (!read.value.taken) return notTaken(read.value.problem)
  if (read.value.says.kind !== 'invitation') {
    const taken = await client.partners.take({ text })
    if (!taken.ok) return failed(taken.failure)
    if (!taken.value.taken) return notTaken(taken.value.problem)
    const { id } = taken.value
    const partner = (await rowsOfTable(client, 'partners')).find(one => one.id === id)
    return {
      code: exitCodes.clean,
      text: partner === undefined ? '' : report([partner]),
      json: { ...taken.value, checkNumber: partner?.checkNumber ?? null },
    }
  }
  const offer = await offered(client, flags)
  if ('refused' in offer) return offer
  const accepted = await client.partners.accept({ ...offer, text })
  if (!accepted.ok) return failed(accepted.failure)
  if (!accepted.value.taken) return notTaken(accepted.value.problem)
  const { text: answer, checkNumber } = accepted.value
  return {
    code: exitCodes.clean,
    text: `${answer}${partnerTextWords.answer.hand}\nCheck number: ${checkNumber}\nRead it to each other; if it is the same, say so with rookery warmup confirm.\n`,
    json: accepted.value,
  }
}

function notTaken(problem: Parameters<typeof partnerTextProblemSentence>[0]): Done {
  return {
    code: exitCodes.findings,
    text: `${partnerTextProblemSentence(problem)}\n`,
    json: { taken: false, problem },
  }
}

async function offered(
  client: InProcessClient,
  { name, mailbox, perDay }: OfferFlags,
): Promise<{ name: string; mailboxIds: string[]; perDay: number } | Refused> {
  if (name === undefined || name.trim() === '')
    return { refused: 'Say with --name what you are called there.' }
  const rows = await rowsOfTable(client, 'warmup')
  const wanted = mailbox?.map(address => address.toLowerCase())
  const unknown = wanted?.find(address => !rows.some(row => row.address.toLowerCase() === address))
  if (unknown !== undefined) return { refused: `No mailbox that warms up has the address ${unknown}.` }
  const chosen = rows.filter(({ address }) => wanted === undefined || wanted.includes(address.toLowerCase()))
  if (chosen.length === 0) return { refused: 'No mailbox warms up. Start warmup first.' }
  return { name: name.trim(), mailboxIds: chosen.map(({ id }) => id), perDay }
}

function report(partners: readonly Partner[]): string {
  if (partners.length === 0) return 'No partners. rookery warmup invite makes an invitation.\n'
  return partners
    .map(partner => {
      const { id, name, state, checkNumber, theirs, theirPerDay, sent, received } = partner
      const stands = theirs.length > 0
      return [
        `${name === '' ? 'Not answered yet' : printable(name)} (${id})`,
        `  ${partnerStateWords[state].name}. ${partnerSentence(partner)}`,
        ...(state === 'comparing' && checkNumber !== null ? [`  Check number: ${checkNumber}`] : []),
        ...(stands
          ? [
              `  Theirs, ${takesSentence(theirPerDay)}: ${theirs.map(({ address }) => printable(address)).join(', ')}`,
              `  ${countOf(sent, 'message')} out, ${received} in.`,
            ]
          : []),
        '',
      ].join('\n')
    })
    .join('\n')
}
