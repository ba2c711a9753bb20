import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../../src-main/build.ts'

/** Imports that stay when the types are taken out; `later` too: the code that is loaded when the window rests. */
const kept = /(?:^|\n)(?:import|export) (?!type\b)(?:[^'"]*? from )?'([^']+)'|\bimport\('([^']+)'\)/g

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(kept)].flatMap(([, now, later]) => now ?? later ?? [])
}

function resolve(from: string, name: string): string | null {
  if (name.startsWith('#shared/')) return join(projectRoot, 'src-shared', name.slice('#shared/'.length))
  return name.startsWith('.') ? join(dirname(from), name) : null
}

/** Packages by the file of ours that imports them, from the window's first module on. */
function packagesOf(first: string): Map<string, string> {
  const packages = new Map<string, string>()
  const seen = new Set<string>()
  const open = [first]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !/\.tsx?$/.test(file)) continue
    seen.add(file)
    for (const name of importsOf(file)) {
      const found = resolve(file, name)
      if (found === null) packages.set(name, file)
      else if (existsSync(found)) open.push(found)
      else throw new Error(`${file} imports ${name}, which is not there`)
    }
  }
  return packages
}

test('the window carries no schemas: their library weighs more than the list, and tries to compile code', () => {
  const packages = packagesOf(join(projectRoot, 'src-renderer/main.tsx'))
  expect(packages.has('react-dom/client')).toBe(true)
  expect(packages.has('dexie')).toBe(true)
  expect(packages.get('zod')).toBeUndefined()
})
