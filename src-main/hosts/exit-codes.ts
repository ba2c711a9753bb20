/** How the Electron process ends when it has told the person why: not a reason to try the headless host instead. */
export const failureToldCode = 70
