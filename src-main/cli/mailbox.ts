import type { Command } from 'commander'
import { addMailboxTestCommand } from './mailbox-test-command.ts'

/** Adds `rookery mailbox` and what can be done with one; `done` is told the exit code. */
export function addMailboxCommand(program: Command, version: string, done: (code: number) => void): void {
  const mailbox = program
    .command('mailbox')
    .description('Test the connection of a mailbox. Nothing is stored.')
  addMailboxTestCommand(mailbox, version, done)
}
