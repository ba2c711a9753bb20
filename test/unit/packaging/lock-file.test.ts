import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Entry = { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }
const lockFile = new URL('../../../package-lock.json', import.meta.url)
const { packages }: { packages: Record<string, Entry> } = JSON.parse(readFileSync(lockFile, 'utf8'))

describe('the lock file', () => {
  it('names a version for every optional package of every platform, or npm ci refuses it there', () => {
    const wanted = new Set(
      Object.values(packages).flatMap(entry => Object.keys(entry.optionalDependencies ?? {})),
    )
    const missing = [...wanted].filter(
      name =>
        !Object.keys(packages).some(path => path.endsWith(`node_modules/${name}`) && packages[path]?.version),
    )
    expect(missing).toEqual([])
  })

  it('names no host to fetch from', () => {
    expect(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
  })
})
