import { chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'
import { runs, type Say, toolFile } from './command.ts'
import { installPackages } from './system-packages.ts'

const installWithinMs = 5 * 60_000
export type Chromium = { readonly path: string } | { readonly path: null; readonly why: string }

/**
 * A Chromium that starts: the one of ROOKERY_CHROMIUM, of the system, of Playwright, or one installed now, as Debian's
 * package by root and from Playwright by everyone else. ROOKERY_CHROMIUM is never replaced by another.
 */
export async function findOrInstallChromium(say: Say): Promise<Chromium> {
  const wanted = process.env.ROOKERY_CHROMIUM
  if (wanted) {
    return (await starts(wanted))
      ? { path: wanted }
      : { path: null, why: `ROOKERY_CHROMIUM is ${wanted}, which does not start` }
  }
  const present = await findWorking()
  if (present !== null) return { path: present }
  const packaged = await installPackages(['chromium'], say)
  if (packaged.installed) {
    const found = await findWorking()
    if (found !== null) return { path: found }
  }
  say('Installing Chromium from Playwright.')
  const playwright = await runs(
    [process.execPath, toolFile('playwright-core/cli.js'), 'install', 'chromium'],
    installWithinMs,
  )
  const found = await findWorking()
  if (found !== null) return { path: found }
  const why =
    playwright.code === 0 ? 'what Playwright installed does not start' : 'Playwright could not fetch it'
  return {
    path: null,
    why: `no Chromium was found, ${packaged.why ?? 'the package did not help'}, and ${why}`,
  }
}

async function findWorking(): Promise<string | null> {
  for (const place of [await findChromium(), chromium.executablePath()]) {
    if (place !== null && (await starts(place))) return place
  }
  return null
}

/** Ubuntu has a chromium-browser that only tells to install a snap, so being there is not enough. */
async function starts(path: string): Promise<boolean> {
  const asked = await runs([path, '--version'], 20_000)
  return asked.code === 0 && /Chrom/.test(asked.output)
}

if (import.meta.main) {
  const found = await findOrInstallChromium(line => console.error(line))
  console.log(found.path ?? `No Chromium: ${found.why}.`)
  process.exitCode = found.path === null ? 1 : 0
}
