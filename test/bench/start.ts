import { type Figure, median } from './figure.ts'
import { startHeadlessHost } from '../helpers/headless-host.ts'

const runs = 5

/** From the start of the process to the line with the address, and what the process weighs then. */
export async function benchStart(dataDir: string, domains: number): Promise<Figure[]> {
  const starts: number[] = []
  for (let run = 0; run < runs; run++) {
    const host = await startHeadlessHost({ dataDir })
    starts.push(host.readyAfterMs)
    await host.stop('SIGINT')
  }
  return [
    {
      name: `headless start to ready, ${domains.toLocaleString('en')} domains stored`,
      measured: median(starts),
      unit: 'ms',
      target: 700,
      better: 'less',
      note: `median of ${runs}; slowest ${Math.round(Math.max(...starts))} ms`,
    },
  ]
}
