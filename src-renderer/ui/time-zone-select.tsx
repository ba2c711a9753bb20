import { useMemo } from 'react'
import { Select } from './select.tsx'

type TimeZoneSelectProps = { value: string; onChange: (zone: string) => void }

/** The zones the browser knows, and the one there is, should that be another. */
export function TimeZoneSelect({ value, onChange }: TimeZoneSelectProps) {
  const options = useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone')
    const all = known.includes(value) ? known : [value, ...known]
    return all.map(id => ({ id, label: id.replaceAll('_', ' ') }))
  }, [value])
  return <Select label="Time zone" options={options} value={value} onChange={onChange} />
}
