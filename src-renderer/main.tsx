import './ui/tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createConnection } from './client/connection.ts'
import { EngineProvider } from './client/engine.tsx'
import { reopenOnNewToken } from './client/session.ts'
import { openWindowWire } from './client/wire.ts'
import { applyRememberedTheme } from './features/frame/theme.ts'
import { forgetOldReplicas } from './replica/database.ts'
import { domains } from './replica/domains.ts'
import { followChanges } from './replica/follow.ts'
import { replica } from './replica/queries.ts'

applyRememberedTheme()
reopenOnNewToken()

const connection = createConnection({ openWire: openWindowWire, build: __ROOKERY_BUILD__ })
followChanges(connection, replica, domains)
void forgetOldReplicas()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <EngineProvider connection={connection}>
      <App />
    </EngineProvider>
  </StrictMode>,
)
