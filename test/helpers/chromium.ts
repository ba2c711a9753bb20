import { access, constants } from 'node:fs/promises'
import { type Browser, chromium } from 'playwright-core'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Whatever keeps the browser from asking the internet for something, and works in a container without a GPU. */
const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The program of a Chromium: `ROOKERY_CHROMIUM`, an installed one, Playwright's own, or null. */
export async function findChromium(): Promise<string | null> {
  const { ROOKERY_CHROMIUM: chosen } = process.env
  for (const place of [...(chosen ? [chosen] : []), ...places, chromium.executablePath()]) {
    if (await isProgram(place)) return place
  }
  return null
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/**
 * How a browser for a journey is started. `ROOKERY_SLOW_MO` waits so many milliseconds before each step: what a page shows
 * only later is then there too, and an expectation that holds by the haste of the test alone is found.
 */
export function chromiumStart(program: string) {
  const slowMo = Number(process.env.ROOKERY_SLOW_MO ?? 0)
  return { executablePath: program, headless: true, args: [...chromiumFlags], slowMo }
}

export function startChromium(program: string): Promise<Browser> {
  return chromium.launch(chromiumStart(program))
}
