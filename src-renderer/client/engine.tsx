import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { Client } from './client.ts'
import type { Connection, ConnectionState } from './connection.ts'

const ConnectionContext = createContext<Connection | null>(null)

export function EngineProvider({ connection, children }: { connection: Connection; children: ReactNode }) {
  return <ConnectionContext value={connection}>{children}</ConnectionContext>
}

function useConnection(): Connection {
  const connection = useContext(ConnectionContext)
  if (!connection) throw new Error('no EngineProvider above')
  return connection
}

export function useClient(): Client {
  return useConnection().client
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection()
  return useSyncExternalStore(connection.subscribe, connection.state)
}
