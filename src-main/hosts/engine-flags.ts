/**
 * What a process that runs the engine is started with. Left to itself V8 lets its young generation grow by
 * some hundred megabytes and gives nothing back at rest; what the engine makes for a window is soon of no use (decision 19).
 */
export const engineFlags: readonly string[] = ['--max-semi-space-size=8']
