import type { Page } from 'playwright-core'

type TraceEvent = {
  name: string
  ph: string
  ts: number
  dur?: number
  /** Time on the processor, which is less when the thread had to wait for it. */
  tdur?: number
  tid: number
  pid: number
  args?: { name?: string }
}

/**
 * Traces the page in Chromium until `end`. A frame's work is one task of the renderer's main thread: script, style,
 * layout and paint of a frame run in one. A gap is the time between two frames as the page sees them; on a busy machine
 * it is also long when another process had the processor.
 */
export async function watchFrames(page: Page, longMs = 50) {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const isTraced = {
    categories: 'toplevel,devtools.timeline',
    transferMode: 'ReportEvents' as const,
  }
  await session.send('Tracing.start', isTraced)
  await page.evaluate(() => {
    const gaps: number[] = []
    let last = performance.now()
    const note = (now: number) => {
      gaps.push(now - last)
      last = now
      request = requestAnimationFrame(note)
    }
    let request = requestAnimationFrame(note)
    Object.assign(window, {
      endOfFrames: () => {
        cancelAnimationFrame(request)
        return gaps.slice(1)
      },
    })
  })
  return {
    async end() {
      const gaps = await page.evaluate(() => (window as unknown as { endOfFrames(): number[] }).endOfFrames())
      const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
      await session.send('Tracing.end')
      await complete
      await session.detach()
      const tasks = mainThreadTasks(events)
      return {
        frames: gaps.length,
        longestGapMs: Math.max(0, ...gaps),
        longestTaskMs: Math.max(0, ...tasks.map(task => task.tookMs)),
        tasksOver: tasks.filter(task => task.tookMs > longMs).length,
        longestWorkMs: Math.max(0, ...tasks.map(task => task.workMs)),
        events,
      }
    },
  }
}

/** Every task on the main threads of renderers. */
function mainThreadTasks(events: readonly TraceEvent[]): { tookMs: number; workMs: number }[] {
  const mainThreads = new Set(
    events
      .filter(
        event => event.ph === 'M' && event.name === 'thread_name' && event.args?.name === 'CrRendererMain',
      )
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  return events
    .filter(event => event.name.endsWith('RunTask') && event.dur !== undefined)
    .filter(({ pid, tid }) => mainThreads.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = dur }) => ({ tookMs: dur / 1_000, workMs: tdur / 1_000 }))
}
