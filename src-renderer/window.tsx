import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import type { Connection } from './client/connection.ts'
import { EngineProvider } from './client/engine.tsx'

/** A window that is not in sight draws no frame. */
const longestFrameMs = 500

/** Resolves when the first frame is on the screen. */
export async function drawWindow(connection: Connection): Promise<void> {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <EngineProvider connection={connection}>
        <App />
      </EngineProvider>
    </StrictMode>,
  )
  await new Promise<void>(resolve => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
    setTimeout(resolve, longestFrameMs)
  })
}
