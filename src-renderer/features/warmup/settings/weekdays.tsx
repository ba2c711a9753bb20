import { Toggles } from '../../../ui/choice.tsx'

const options = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((label, index) => ({
  id: String(index + 1),
  label,
}))

type WeekdaysProps = {
  /** ISO weekdays, Monday 1 to Sunday 7, as text. */
  days: readonly string[]
  onChange: (days: string[]) => void
}

export function Weekdays({ days, onChange }: WeekdaysProps) {
  return <Toggles label="Weekdays" options={options} values={days} onChange={onChange} />
}
