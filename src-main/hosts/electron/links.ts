import { shell } from 'electron'

/** Opens a page in the person's browser. The engine has checked the host; this keeps every other scheme out once more. */
export async function openLink(address: string): Promise<boolean> {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  try {
    await shell.openExternal(url.href)
    return true
  } catch {
    return false
  }
}
