import type { NetworkContact } from '#shared/model/settings.ts'

/** Any part of `host:port protocol`, and one purpose or all. */
export type ContactFilter = { readonly text: string; readonly purpose: NetworkContact['purpose'] | null }

export function filterContacts(
  contacts: readonly NetworkContact[],
  { text, purpose }: ContactFilter,
): NetworkContact[] {
  const wanted = text.trim().toLowerCase()
  return contacts.filter(
    contact =>
      (purpose === null || contact.purpose === purpose) &&
      `${contact.host}:${contact.port} ${contact.protocol}`.toLowerCase().includes(wanted),
  )
}

/** A table for a spreadsheet (RFC 4180). No cell can begin a formula: a host that would is set in quotes of its own. */
export function contactsAsCsv(contacts: readonly NetworkContact[]): string {
  const lines = contacts.map(({ host, port, protocol, purpose, count, failures, lastAt }) =>
    [host, port, protocol, purpose, count, failures, new Date(lastAt).toISOString()].map(cell).join(','),
  )
  return ['host,port,protocol,purpose,contacts,failures,last', ...lines, ''].join('\r\n')
}

function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
