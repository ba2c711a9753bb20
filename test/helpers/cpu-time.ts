/** Milliseconds of the processor that this thread takes from now on: what others do meanwhile does not count. */
export function cpuTime(): () => number {
  const before = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  }
}
