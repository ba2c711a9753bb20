import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import type { Connection } from './client/connection.ts'
import { EngineProvider } from './client/engine.tsx'

export function drawWindow(connection: Connection): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <EngineProvider connection={connection}>
        <App />
      </EngineProvider>
    </StrictMode>,
  )
}
