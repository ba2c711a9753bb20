import { exitCodes } from './exit-code.ts'
import type { MailboxTestFlags } from './mailbox-test-command.ts'

export type MailboxTestOptions = MailboxTestFlags & { readonly build: string }

/** Runs `rookery mailbox test` and returns its exit code. */
export async function runMailboxTestVerb(_options: MailboxTestOptions): Promise<number> {
  return exitCodes.usage
}
