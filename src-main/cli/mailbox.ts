import type { Command } from 'commander'
import { addMailboxDiscoverCommand } from './mailbox-discover-command.ts'
import { addMailboxTestCommand } from './mailbox-test-command.ts'

/** Adds `rookery mailbox` and what can be done with one; `done` is told the exit code. */
export function addMailboxCommand(program: Command, version: string, done: (code: number) => void): void {
  const mailbox = program
    .command('mailbox')
    .description('Find the servers of a mailbox, or test its connection. Nothing is stored.')
  addMailboxDiscoverCommand(mailbox, done)
  addMailboxTestCommand(mailbox, version, done)
}
