import { describe, expect, it } from 'vitest'
import lock from '../../../package-lock.json' with { type: 'json' }

type Entry = { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }
const packages: Record<string, Entry> = lock.packages

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
