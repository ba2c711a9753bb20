import { runElectronHost } from './host.ts'

void runElectronHost()
