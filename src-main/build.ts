import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

export const projectRoot = join(import.meta.dirname, '..')
export const distFolder = join(projectRoot, 'dist')
const stampFile = join(distFolder, 'build.json')
const products = ['renderer', 'headless', 'electron']
const sources = ['src-shared', 'src-main', 'src-renderer', 'resources', 'package-lock.json', 'vite.config.ts']

/** Hash of everything that goes into the product: the same in every checkout of the same sources. */
function hashSources(): string {
  const files = sources.flatMap(source => listFiles(join(projectRoot, source))).toSorted()
  const hash = createHash('sha256')
  // Read one after the other on purpose: for files this small that is several times as fast as asking for all at once.
  for (const file of files) {
    const content = readIfThere(file)
    hash.update(`${relative(projectRoot, file).split(sep).join('/')}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 20)
}

/** An editor may take a file away between the listing and the reading; the next build sees what it put there. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

function listFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

async function builtId(): Promise<string | null> {
  try {
    const stamp: unknown = JSON.parse(await readFile(stampFile, 'utf8'))
    const id = typeof stamp === 'object' && stamp !== null && 'build' in stamp ? stamp.build : null
    return typeof id === 'string' ? id : null
  } catch {
    return null
  }
}

/**
 * Builds into dist/ what is missing or older than the sources and returns the build's id. Several processes may
 * call it at once: one builds, the others wait for it.
 */
export async function ensureBuilt(say: (line: string) => void = () => {}): Promise<string> {
  const wanted = hashSources()
  if ((await builtId()) === wanted) return wanted
  await mkdir(distFolder, { recursive: true })
  const unlock = await lockBuild(() => say('Another build is under way; waiting for it.'))
  try {
    if ((await builtId()) === wanted) return wanted
    say('Building Rookery.')
    await buildAll(wanted)
    return wanted
  } finally {
    unlock()
  }
}

/** A database lock, because the operating system releases it when its holder dies. */
async function lockBuild(onWait: () => void): Promise<() => void> {
  const database = new DatabaseSync(join(distFolder, 'lock.db'), { timeout: 0 })
  for (let tries = 0; ; tries++) {
    try {
      database.exec('BEGIN EXCLUSIVE')
      return () => database.close()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (tries === 0) onWait()
      await sleep(100)
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

async function buildAll(id: string): Promise<void> {
  const [{ build }, { productBuilds }] = await Promise.all([import('vite'), import('../vite.config.ts')])
  for (const entry of await readdir(distFolder)) {
    if (entry.startsWith('next-') || entry.startsWith('last-')) {
      await rm(join(distFolder, entry), { recursive: true, force: true })
    }
  }
  const next = join(distFolder, `next-${process.pid}`)
  const last = join(distFolder, `last-${process.pid}`)
  try {
    await withProductionNode(async () => {
      for (const config of productBuilds(next, id)) await build(config)
    })
    // From here on dist/ counts as not built until the new stamp stands.
    await rm(stampFile, { force: true })
    await mkdir(last, { recursive: true })
    for (const product of products) {
      await rename(join(distFolder, product), join(last, product)).catch(() => {})
      await rename(join(next, product), join(distFolder, product))
    }
    await writeFile(`${stampFile}.new`, `${JSON.stringify({ build: id })}\n`)
    await rename(`${stampFile}.new`, stampFile)
  } finally {
    await rm(next, { recursive: true, force: true })
    await rm(last, { recursive: true, force: true })
  }
}

/** Vite takes NODE_ENV as it finds it: a build begun by a test would hold React's development build. */
async function withProductionNode(work: () => Promise<void>): Promise<void> {
  const { NODE_ENV: before } = process.env
  process.env.NODE_ENV = 'production'
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

if (import.meta.main) {
  const id = await ensureBuilt(line => console.error(line))
  console.error(`dist/ holds build ${id}.`)
}
