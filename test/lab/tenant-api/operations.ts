/** The endpoints by their `operationId`. */
export const operations = [
  'listDomains',
  'putDomain',
  'readDomain',
  'deleteDomain',
  'putAccount',
  'readReputation',
] as const
export type Operation = (typeof operations)[number]

export type Routed = { readonly operation: Operation; readonly parameter: string }

const routes: readonly { method: string; path: RegExp; operation: Operation }[] = [
  { method: 'GET', path: /^\/api\/v1\/tenant\/domains()$/, operation: 'listDomains' },
  { method: 'POST', path: /^\/api\/v1\/tenant\/domains()$/, operation: 'putDomain' },
  { method: 'GET', path: /^\/api\/v1\/tenant\/domains\/([^/]+)$/, operation: 'readDomain' },
  { method: 'DELETE', path: /^\/api\/v1\/tenant\/domains\/([^/]+)$/, operation: 'deleteDomain' },
  { method: 'POST', path: /^\/api\/v1\/tenant\/domains\/([^/]+)\/accounts$/, operation: 'putAccount' },
  { method: 'GET', path: /^\/api\/v1\/reputation\/domains\/([^/]+)$/, operation: 'readReputation' },
]

export function route(method: string, path: string): Routed | null {
  for (const one of routes) {
    const found = one.method === method ? one.path.exec(path) : null
    if (found !== null) return { operation: one.operation, parameter: decodeURIComponent(found[1] ?? '') }
  }
  return null
}
