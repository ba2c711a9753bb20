import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export type PageFile = { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> }
/** The window's files by path, `/` first. What is not in the map is not served, so no path can leave the folder. */
export type PageFiles = ReadonlyMap<string, PageFile>

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Headers of every answer. `connect` is where the page may connect to: its wire and nothing else. */
export function securityHeaders(connect: "'self'" | "'none'"): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src ${connect}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}

/** Reads the built window into memory: a running host keeps serving its own build while dist/ is built anew. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, file).split(sep).join('/')}`
    files.set(path, {
      body: await readFile(file),
      headers: {
        'content-type': mediaTypes[extname(path)] ?? 'application/octet-stream',
        // The bundler puts a hash into every name under assets/.
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
      },
    })
  }
  return files
}

/** The file for a request path. A path without an extension is a screen of the window and gets its page. */
export function findPageFile(files: PageFiles, path: string): PageFile | undefined {
  const exact = files.get(path)
  if (exact || path.startsWith('/assets')) return exact
  return /^(\/[\w~-]+)*\/?$/.test(path) ? files.get('/index.html') : undefined
}
