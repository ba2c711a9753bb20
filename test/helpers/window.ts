import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core'

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
  page.setDefaultTimeout(10_000)
  await page.goto(url)
  return { page, context, troubles, close: () => context.close() }
}

/** What a person would see as running out of the window or over another: empty when all is well. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const { clientWidth, clientHeight, scrollWidth } = document.documentElement
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
    const shown = [...document.querySelectorAll<HTMLElement>('button, a, input, textarea, h1, h2')].filter(
      element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
    )
    const nameOf = (element: HTMLElement) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}”`
    const isForReadersOnly = (element: HTMLElement) =>
      element.closest('.sr-only, [style*="clip"], [data-live-announcer]') !== null
    for (const element of shown) {
      const { left, right, width, height } = element.getBoundingClientRect()
      if (width === 0 || height === 0 || isForReadersOnly(element)) continue
      if (left < -1 || right > clientWidth + 1)
        faults.push(`${nameOf(element)} runs out of the window (${left} to ${right})`)
    }
    for (const bar of document.querySelectorAll<HTMLElement>('header, footer, [role=toolbar], main > div')) {
      const style = getComputedStyle(bar)
      if (bar.scrollWidth > bar.clientWidth + 1 && style.overflowX === 'visible')
        faults.push(
          `${bar.tagName.toLowerCase()} “${bar.textContent.slice(0, 30)}” holds ${bar.scrollWidth} in ${bar.clientWidth}`,
        )
    }
    const foot = document.querySelector('footer')?.getBoundingClientRect()
    if (foot && foot.bottom > clientHeight + 1) faults.push('the status bar lies below the window')
    const controls = shown.filter(element => element.matches('button, a') && !isForReadersOnly(element))
    for (const [index, one] of controls.entries()) {
      const a = one.getBoundingClientRect()
      if (a.width === 0) continue
      for (const other of controls.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue
        if (one.closest('[role=grid], [role=dialog]') !== other.closest('[role=grid], [role=dialog]'))
          continue
        const b = other.getBoundingClientRect()
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        if (across > 2 && down > 2) faults.push(`${nameOf(one)} lies over ${nameOf(other)}`)
      }
    }
    return faults
  })
}
