/**
 * What a process that runs the engine is started with. V8 lets its young generation grow to three times 32 MB and never
 * gives it back; what the engine makes for a window is of no use a moment later, and fits in three times 8.
 */
export const engineFlags: readonly string[] = ['--max-semi-space-size=8']
