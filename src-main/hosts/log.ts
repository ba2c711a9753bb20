import type { Log, LogFields } from '#engine/platform.ts'

const levels = ['info', 'warn', 'error'] as const
export type LogLevel = (typeof levels)[number]

/** One line for each event, `time level event key=value`, from `least` upwards. */
export function createLog(write: (line: string) => void, least: LogLevel, now: () => number): Log {
  const line = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return
    const pairs = Object.entries(fields ?? {}).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
    write(`${new Date(now()).toISOString()} ${level} ${event}${pairs.join('')}\n`)
  }
  return { info: line('info'), warn: line('warn'), error: line('error') }
}
