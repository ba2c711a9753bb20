import type { Page } from 'playwright-core'
import { visit } from './window.ts'

/** Begins to add a mailbox from the list, and waits for its servers, as far as they are found. */
export async function findServers(page: Page, address: string): Promise<void> {
  await visit(page, '/mailboxes')
  await page.getByRole('button', { name: 'Add mailbox', exact: true }).first().click()
  await page.getByLabel('Address of the mailbox').fill(address)
  await page.getByRole('button', { name: 'Find the servers', exact: true }).click()
  await page.getByLabel('SMTP server').waitFor()
}
