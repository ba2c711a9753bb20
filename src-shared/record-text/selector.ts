/** What may stand under `_domainkey` and in a file name: one label (RFC 6376 §3.1, RFC 1035 §2.3.1). */
export const selectorPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
