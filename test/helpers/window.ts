import {
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  errors,
  type Locator,
  type Page,
} from 'playwright-core'

/** How long a journey waits for what must come; a busy machine is no failure. */
export const patienceMs = 30_000

export type OpenedWindow = {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors on the console, uncaught errors and broken content policies, except those that were `expected`. */
  readonly troubles: string[]
  close(): Promise<void>
}

export type WindowOptions = {
  readonly size?: { width: number; height: number }
  readonly scheme?: 'light' | 'dark'
  /** Errors that belong to the journey, as a browser words them. */
  readonly expected?: readonly RegExp[]
}

/** Opens the window in a browser profile of its own, and gathers whatever goes wrong in it. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: WindowOptions = {},
): Promise<OpenedWindow> {
  const { size = { width: 1280, height: 800 }, scheme = 'light', expected = [] } = options
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  const troubles: string[] = []
  const note = (text: string) => {
    if (!expected.some(pattern => pattern.test(text))) troubles.push(text)
  }
  context.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') note(message.text())
  })
  context.on('weberror', event => note(String(event.error())))
  const page = await context.newPage()
  await slowDown(page)
  page.setDefaultTimeout(patienceMs)
  await page.goto(url)
  return { page, context, troubles, close: () => context.close() }
}

/** What leads to a part of the window, at its side: its name goes on with how much is there, as soon as that is known. */
export function sectionLink(page: Page, name: string): Locator {
  return page
    .getByRole('navigation', { name: 'Sections', exact: true })
    .getByRole('link', { name: new RegExp(`^${name}[\\s\\d,]*$`) })
}

/** Goes to a place of the window by its address, as a link from outside does. */
export async function visit(page: Page, place: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#${place}`)
}

/** Makes a page slow where `ROOKERY_CPU_SLOWDOWN` asks for it: so many times as slow as it is. */
export async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env.ROOKERY_CPU_SLOWDOWN ?? 1)
  if (rate <= 1) return
  const debug = await page.context().newCDPSession(page)
  await debug.send('Emulation.setCPUThrottlingRate', { rate })
}

/**
 * Opens the menu of a row. Its button comes with a pointer that moves, to rows that have come to rest; and as another one
 * then takes its place, a click that falls between the two is lost, and the menu is asked for once more.
 */
export async function openRowMenu(row: Locator, name: string | RegExp): Promise<void> {
  const menu = row.page().getByRole('menu')
  const soon = { timeout: 2_000 }
  const startedAt = performance.now()
  for (let x = 300; performance.now() - startedAt < patienceMs; x += 1) {
    if (await menu.isVisible()) return
    try {
      await row.hover({ position: { x, y: 20 }, ...soon })
      await row.getByRole('button', { name, exact: true }).click(soon)
      await menu.waitFor(soon)
      return
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error
    }
  }
  throw new Error(`The menu ${name} does not open.`)
}

/** Chooses from the menu of a row. A list that still moves closes it, and it is opened once more. */
export async function chooseFromRowMenu(row: Locator, name: string | RegExp, item: string): Promise<void> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < patienceMs) {
    await openRowMenu(row, name)
    try {
      await row.page().getByRole('menuitem', { name: item, exact: true }).click({ timeout: 2_000 })
      return
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error
    }
  }
  throw new Error(`${item} cannot be chosen from the menu ${name}.`)
}

/** Lets the page settle after a change of its size or theme. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 30)))
      }),
  )
}

/* eslint-disable unicorn/consistent-function-scoping -- The page gets this one function and nothing around it. */
/** What a person would see as running out of the window or over another: empty when all is well. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const { clientWidth, clientHeight, scrollWidth } = document.documentElement
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`

    /** The part of an element that its scrolling ancestors leave in sight. */
    const inSight = (element: Element) => {
      let { left, right, top, bottom } = element.getBoundingClientRect()
      for (let above = element.parentElement; above; above = above.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(above)
        const frame = above.getBoundingClientRect()
        if (overflowX !== 'visible')
          [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)]
        if (overflowY !== 'visible')
          [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)]
      }
      return { left, right, top, bottom }
    }
    const shown = [...document.querySelectorAll('button, a, input, textarea, h1, h2')].filter(
      element =>
        element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        element.closest('.sr-only, [inert], [aria-hidden=true]') === null &&
        element.getBoundingClientRect().width > 1,
    )
    for (const element of shown) {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      if (left < -1 || right > clientWidth + 1)
        faults.push(`${nameOf(element)} runs out of the window (${Math.round(left)} to ${Math.round(right)})`)
      const sight = inSight(element)
      const isCut =
        sight.right - sight.left < right - left - 2 && sight.bottom - sight.top >= bottom - top - 2
      if (isCut) faults.push(`${nameOf(element)} is cut off at the side`)
    }
    const foot = document.querySelector('footer')?.getBoundingClientRect()
    if (foot && foot.bottom > clientHeight + 1) faults.push('the status bar lies below the window')

    const controls = shown.filter(element => element.matches('button, a'))
    for (const [index, one] of controls.entries()) {
      const a = inSight(one)
      for (const other of controls.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue
        // A notice floats over the page on purpose.
        if (one.closest('[role=region]') !== other.closest('[role=region]')) continue
        const b = inSight(other)
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        if (across > 2 && down > 2) faults.push(`${nameOf(one)} lies over ${nameOf(other)}`)
      }
    }
    return faults
  })
}
