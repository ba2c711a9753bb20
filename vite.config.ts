import { defineConfig } from 'vitest/config'

const suite = (name: string, settings: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...settings },
})

export default defineConfig({
  test: {
    projects: [
      suite('unit'),
      suite('contract'),
      suite('integration', { testTimeout: 30_000, hookTimeout: 30_000 }),
      suite('hosts', { testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false }),
    ],
  },
})
