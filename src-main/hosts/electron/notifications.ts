import { Notification as SystemNotification } from 'electron'
import type { Notification } from '#engine/platform.ts'

/** Shown ones are held, because the system's click is lost once the object is collected. */
const shown = new Set<SystemNotification>()

/** Shows a notification of the system where there is one to show; a click brings the window forward. */
export function showNotification({ title, body }: Notification, onClick: () => void): void {
  if (!SystemNotification.isSupported()) return
  const notification = new SystemNotification({ title, body })
  shown.add(notification)
  notification.on('click', onClick)
  notification.on('close', () => shown.delete(notification))
  notification.show()
}
