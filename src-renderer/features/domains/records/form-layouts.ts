import type { GuidePlace } from '#shared/model/guide.ts'
import type { RequiredRecord } from '#shared/model/record-plan.ts'

type RecordType = RequiredRecord['type']

/** A box of a form: where it stands in the drawing, and what it is called there. */
export type FormBox = {
  readonly place: Exclude<GuidePlace, 'add' | 'row' | 'save' | 'mail-settings'>
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly look: 'menu' | 'text' | 'switch'
  /** What stands in it untouched. */
  readonly preset?: string
}

export type FormLayout = {
  readonly heading: string
  readonly addLabel: string
  /** Where the button for a new record stands. */
  readonly addAt: 'top' | 'bottom'
  readonly editLabel: string
  readonly saveLabel: string
  /** A row of a table keeps its columns together; a card has room around its boxes. */
  readonly style: 'card' | 'table'
  boxes(type: RecordType): readonly FormBox[]
}

export const drawingWidth = 340
export const drawingHeight = 118
const left = 14
const right = drawingWidth - left
const gap = 6
const firstRow = 38
const secondRow = 80

type Column = Omit<FormBox, 'x' | 'y' | 'width'> & { readonly width: number | 'rest' }

/** Boxes side by side; the one column of width `rest` takes what is left. */
function inRow(y: number, end: number, columns: readonly Column[]): FormBox[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width === 'rest' ? 0 : column.width), 0)
  const rest = end - left - fixed - gap * (columns.length - 1)
  let x = left
  return columns.map(column => {
    const width = column.width === 'rest' ? rest : column.width
    const box = { ...column, x, y, width }
    x += width + gap
    return box
  })
}

const type: Column = { place: 'type', label: 'Type', width: 52, look: 'menu' }

const priority: Column = { place: 'priority', label: 'Priority', width: 44, look: 'text' }
const ttl: Column = { place: 'ttl', label: 'TTL', width: 46, look: 'menu', preset: 'Auto' }
const value: Column = { place: 'value', label: 'Value', width: 'rest', look: 'text' }

/** Only the providers whose guide marks the places of its form. */
export const formLayouts: Readonly<Record<string, FormLayout>> = {
  godaddy: {
    heading: 'DNS Records',
    addLabel: 'Add New Record',
    addAt: 'top',
    editLabel: 'Edit',
    saveLabel: 'Save',
    style: 'card',
    boxes: recordType =>
      inRow(firstRow, right, [
        type,
        { place: 'name', label: 'Name', width: recordType === 'MX' ? 48 : 74, look: 'text' },
        ...(recordType === 'MX' ? [priority] : []),
        value,
        { ...ttl, width: 56, preset: '1 Hour' },
      ]),
  },
  namecheap: {
    heading: 'Advanced DNS',
    addLabel: 'Add New Record',
    addAt: 'bottom',
    editLabel: 'Click the value',
    saveLabel: '✓',
    style: 'table',
    boxes: recordType =>
      inRow(firstRow, right - 44, [
        { ...type, width: 54 },
        { place: 'name', label: 'Host', width: recordType === 'MX' ? 34 : 66, look: 'text' },
        { ...value, label: recordType === 'CNAME' ? 'Target' : 'Value' },
        ...(recordType === 'MX' ? [{ ...priority, width: 38 }] : []),
        ttl,
      ]),
  },
  cloudflare: {
    heading: 'DNS · Records',
    addLabel: 'Add record',
    addAt: 'top',
    editLabel: 'Edit',
    saveLabel: 'Save',
    style: 'card',
    boxes: recordType => {
      const name: Column = { place: 'name', label: 'Name (required)', width: 'rest', look: 'text' }
      if (recordType === 'TXT')
        return [
          ...inRow(firstRow, right, [type, name, { ...ttl, width: 60 }]),
          ...inRow(secondRow, right - 62, [{ ...value, label: 'Content (required)' }]),
        ]
      const isMail = recordType === 'MX'
      return [
        ...inRow(firstRow, right, [
          type,
          { ...name, width: 84 },
          { ...value, label: isMail ? 'Mail server (required)' : 'Target (required)' },
        ]),
        ...inRow(secondRow, 220, [
          isMail
            ? { ...priority, label: 'Priority (required)', width: 84 }
            : { place: 'proxy', label: 'Proxy status', width: 84, look: 'switch', preset: 'Proxied' },
          { ...ttl, width: 60 },
        ]),
      ]
    },
  },
}
