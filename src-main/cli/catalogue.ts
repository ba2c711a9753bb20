/* The catalogue of checks by its ids. A rule says which of them it covers; what no rule covers says why here. */

const families: readonly (readonly [string, number, number])[] = [
  ['SPF', 1, 27],
  ['DK', 0, 17],
  ['DM', 1, 20],
  ['MX', 1, 9],
  ['TLS', 1, 1],
  ['STS', 1, 4],
  ['TR', 1, 1],
  ['BIMI', 1, 3],
  ['DANE', 1, 1],
  ['DS', 1, 1],
  ['CAA', 1, 1],
  ['PTR', 1, 2],
  ['NS', 1, 4],
  ['AGE', 1, 1],
  ['TRK', 1, 2],
  ['WEB', 1, 1],
  ['SUB', 1, 1],
]

/** Every id, family by family, as `SPF-01`. */
export const catalogueIds: readonly string[] = [
  ...families.flatMap(([family, first, last]) =>
    Array.from(
      { length: last - first + 1 },
      (_, step) => `${family}-${String(first + step).padStart(2, '0')}`,
    ),
  ),
  'RFC2142',
]

/** Why an id has no finding. */
export const withoutFinding: Readonly<Record<string, string>> = {
  'DM-02':
    'How the record that applies is found, by walking up the tree; what it finds is judged by the others.',
  'PTR-02': 'Needs a message that the server sent: its greeting stands in the Received header alone.',
  'AGE-01': 'Needs registration data (RDAP), which is not asked.',
  RFC2142: 'Needs a mail server to be asked for a recipient; Rookery goes no further than STARTTLS.',
}
