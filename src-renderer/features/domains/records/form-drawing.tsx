import type { GuidePlace } from '#shared/model/guide.ts'
import type { RequiredRecord } from '#shared/model/record-plan.ts'
import { clip } from '#shared/words/phrases.ts'
import { drawingHeight, drawingWidth, type FormBox, type FormLayout, formLayouts } from './form-layouts.ts'
import { Halo, Pointer, PressButton, SkeletonRow, Switch } from './form-parts.tsx'

type FormDrawingProps = {
  providerId: string
  providerName: string
  zone: string
  record: RequiredRecord
  /** The part that this step is about. */
  place: GuidePlace
  /** Parts that are filled by now, this one included. */
  filled: readonly GuidePlace[]
}

export function hasDrawing(providerId: string | null): boolean {
  return providerId !== null && Object.hasOwn(formLayouts, providerId)
}

/** A sketch of the provider's form with the part that matters marked, and this record's own values in it. */
export function FormDrawing(props: FormDrawingProps) {
  const layout = formLayouts[props.providerId]
  if (!layout) return null
  const { place } = props
  const isList = place === 'add' || place === 'row'
  return (
    <svg
      role="img"
      aria-label={spoken(props, layout)}
      viewBox={`0 0 ${drawingWidth} ${drawingHeight}`}
      className="block w-full rounded-card"
    >
      <rect
        x="0.5"
        y="0.5"
        width={drawingWidth - 1}
        height={drawingHeight - 1}
        rx="9.5"
        className="fill-page stroke-line"
      />
      <path d="M.5 22.5H339.5" className="stroke-line" />
      <text x="14" y="15" className="fill-ink-soft text-[9px] font-semibold">
        {layout.heading}
      </text>
      <text x={drawingWidth - 14} y="15" textAnchor="end" className="fill-ink-faint font-mono text-[8px]">
        {clip(props.zone, 30)}
      </text>
      {isList ? (
        <RecordTable {...props} layout={layout} />
      ) : place === 'mail-settings' ? (
        <MailSettings />
      ) : (
        <RecordForm {...props} layout={layout} />
      )}
    </svg>
  )
}

type PartProps = FormDrawingProps & { layout: FormLayout }

function RecordForm({ layout, record, place, filled }: PartProps) {
  const boxes = layout.boxes(record.type)
  const saveY = layout.style === 'table' ? 38 : 88
  const saveX = layout.style === 'table' ? drawingWidth - 54 : drawingWidth - 62
  return (
    <>
      {layout.style === 'table' && (
        <rect x="6" y="25" width={drawingWidth - 12} height="42" rx="4" className="fill-ice" />
      )}
      {boxes.map(box => (
        <Box key={box.place} box={box} value={valueOf(box, record, filled)} isMarked={box.place === place} />
      ))}
      <PressButton
        x={saveX}
        y={saveY}
        width={layout.style === 'table' ? 18 : 48}
        label={layout.saveLabel}
        isMarked={place === 'save'}
      />
      {layout.style === 'table' && (
        <>
          <text x={drawingWidth - 22} y="52" textAnchor="middle" className="fill-ink-faint text-[10px]">
            ✕
          </text>
          <SkeletonRow y={80} />
          <SkeletonRow y={98} />
        </>
      )}
    </>
  )
}

function Box({ box, value, isMarked }: { box: FormBox; value: string | null; isMarked: boolean }) {
  const { x, y, width, label, look } = box
  const room = Math.floor((width - (look === 'menu' ? 20 : 10)) / 4.9)
  return (
    <g>
      {isMarked && <Halo x={x} y={y} width={width} height={20} />}
      <text
        x={x}
        y={y - 5}
        className={`text-[8px] ${isMarked ? 'fill-accent-ink font-semibold' : 'fill-ink-faint'}`}
      >
        {clip(label, Math.floor(width / 3.6))}
      </text>
      {look === 'switch' ? (
        <Switch x={x} y={y} isOn={value === 'Proxied'} label={value ?? ''} isMarked={isMarked} />
      ) : (
        <>
          <rect
            x={x}
            y={y}
            width={width}
            height="20"
            rx="3.5"
            strokeWidth={isMarked ? 1.5 : 1}
            className={isMarked ? 'fill-raised stroke-accent' : 'fill-raised stroke-line-strong'}
          />
          {value !== null && (
            <text
              x={x + 6}
              y={y + 13}
              className={`font-mono text-[8px] ${isMarked ? 'fill-ink' : 'fill-ink-soft'}`}
            >
              {clip(value, room)}
            </text>
          )}
          {look === 'menu' && (
            <path
              d={`m${x + width - 12} ${y + 9} 3 3 3-3`}
              fill="none"
              className={isMarked ? 'stroke-accent-ink' : 'stroke-ink-faint'}
            />
          )}
        </>
      )}
    </g>
  )
}

function RecordTable({ layout, record, place }: PartProps) {
  const isTop = layout.addAt === 'top'
  const width = 78
  const x = isTop ? drawingWidth - width - 14 : 14
  const rows = [isTop ? 56 : 30, isTop ? 76 : 50]
  const rowY = rows[0] ?? 30
  return (
    <>
      <PressButton
        x={x}
        y={isTop ? 28 : 90}
        width={width}
        label={layout.addLabel}
        isMarked={place === 'add'}
      />
      {place === 'row' ? (
        <>
          <Halo x={14} y={rowY} width={drawingWidth - 28} height={20} />
          <rect
            x="14"
            y={rowY}
            width={drawingWidth - 28}
            height="20"
            rx="3.5"
            strokeWidth="1.5"
            className="fill-raised stroke-accent"
          />
          <text x="22" y={rowY + 13} className="fill-ink font-mono text-[8px]">
            {record.type}
          </text>
          <text x="58" y={rowY + 13} className="fill-ink font-mono text-[8px]">
            {clip(record.enterName || '(empty)', 14)}
          </text>
          <text x="136" y={rowY + 13} className="fill-ink-soft font-mono text-[8px]">
            {clip(record.current?.split('\n')[0] ?? '', 24)}
          </text>
          <text
            x={drawingWidth - 22}
            y={rowY + 13}
            textAnchor="end"
            className="fill-accent-ink text-[8px] font-semibold"
          >
            {layout.editLabel}
          </text>
          <Pointer x={drawingWidth - 30} y={rowY + 15} />
        </>
      ) : (
        <SkeletonRow y={rowY + 4} />
      )}
      <SkeletonRow y={(rows[1] ?? 50) + 5} />
      {isTop && <SkeletonRow y={102} />}
      {!isTop && <SkeletonRow y={76} />}
    </>
  )
}

function MailSettings() {
  return (
    <>
      <SkeletonRow y={32} />
      <text x="14" y="60" className="fill-accent-ink text-[8px] font-semibold">
        Mail Settings
      </text>
      <Halo x={14} y={66} width={150} height={20} />
      <rect
        x="14"
        y="66"
        width="150"
        height="20"
        rx="3.5"
        strokeWidth="1.5"
        className="fill-raised stroke-accent"
      />
      <text x="20" y="79" className="fill-ink text-[8px]">
        Custom MX
      </text>
      <path d="m152 75 3 3 3-3" fill="none" className="stroke-accent-ink" />
      <Pointer x={140} y={82} />
      <SkeletonRow y={102} />
    </>
  )
}

/** What the box holds at this step: the record's own part once it was typed, else what it holds untouched. */
function valueOf(box: FormBox, record: RequiredRecord, filled: readonly GuidePlace[]): string | null {
  const isFilled = filled.includes(box.place)
  switch (box.place) {
    case 'type':
      return isFilled || record.action === 'replace' ? record.type : null
    case 'name':
      return isFilled || record.action === 'replace' ? record.enterName : null
    case 'value':
      if (isFilled) return record.enterValue ?? ''
      return record.action === 'replace' ? (record.current?.split('\n')[0] ?? null) : null
    case 'priority':
      return isFilled ? (/^\d+(?=\s)/.exec(record.value ?? '')?.[0] ?? '') : null
    case 'proxy':
      return isFilled ? 'DNS only' : (box.preset ?? null)
    case 'ttl':
      return box.preset ?? null
  }
}

/** The same in a sentence. */
function spoken({ providerName, record, place, filled }: FormDrawingProps, layout: FormLayout): string {
  const form = `The form at ${providerName}`
  if (place === 'add')
    return `The list of records at ${providerName}, with the button ${layout.addLabel} marked.`
  if (place === 'row') return `The list of records at ${providerName}, with the row to change marked.`
  if (place === 'mail-settings') return `Mail Settings at ${providerName}, set to Custom MX.`
  if (place === 'save')
    return `${form}, filled in, with ${layout.saveLabel === '✓' ? 'the tick' : layout.saveLabel} marked.`
  const box = layout.boxes(record.type).find(one => one.place === place)
  const value = box === undefined ? null : valueOf(box, record, filled)
  const holds = value === null || value === '' ? 'It is empty.' : `It holds ${clip(value, 80)}.`
  return `${form}, with ${box?.label.replace(' (required)', '') ?? place} marked. ${holds}`
}
