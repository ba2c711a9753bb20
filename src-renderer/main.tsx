import './ui/tokens.css'
import { createConnection } from './client/connection.ts'
import { reopenOnNewToken } from './client/session.ts'
import { openWindowWire } from './client/wire.ts'
import { applyRememberedTheme } from './features/frame/theme.ts'
import { replica } from './replica/database.ts'
import { domains } from './replica/domain-table.ts'
import { followChanges } from './replica/follow.ts'

applyRememberedTheme()
reopenOnNewToken()

// The wire opens and the replica is read while the code that draws is still being loaded.
const connection = createConnection({ openWire: openWindowWire, build: __ROOKERY_BUILD__ })
// Not awaited: the other code imports from this one's file, and would wait for it in turn.
const drawn = import('./window.tsx').then(({ drawWindow }) => drawWindow(connection))
followChanges(connection, replica, { domains, drawn })
