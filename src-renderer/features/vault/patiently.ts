/** For calls that may lead to the keychain: it may ask a person first. The engine itself gives up after 30 seconds. */
export const patiently = { context: { timeoutMs: 100_000 } }
