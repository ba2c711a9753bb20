/* What the drawings of forms are made of. */

type SwitchProps = { x: number; y: number; isOn: boolean; label: string; isMarked: boolean }

/** Its knob to the right and filled while it is on, to the left and hollow when it is off. */
export function Switch({ x, y, isOn, label, isMarked }: SwitchProps) {
  return (
    <g>
      <rect
        x={x}
        y={y + 5}
        width="18"
        height="10"
        rx="5"
        strokeWidth={isMarked ? 1.5 : 1}
        className={`${isOn ? 'fill-line-strong' : 'fill-raised'} ${isMarked ? 'stroke-accent' : 'stroke-line-strong'}`}
      />
      <circle
        cx={isOn ? x + 13 : x + 5}
        cy={y + 10}
        r="3.200"
        className={isOn ? 'fill-raised' : isMarked ? 'fill-accent' : 'fill-ink-faint'}
      />
      <text x={x + 21} y={y + 13} className={`text-[8px] ${isMarked ? 'fill-ink' : 'fill-ink-soft'}`}>
        {label}
      </text>
    </g>
  )
}

type ButtonProps = { x: number; y: number; width: number; label: string; isMarked: boolean }

export function PressButton({ x, y, width, label, isMarked }: ButtonProps) {
  return (
    <g>
      {isMarked && <Halo x={x} y={y} width={width} height={20} />}
      <rect x={x} y={y} width={width} height="20" rx="4" className={isMarked ? 'fill-accent' : 'fill-line'} />
      <text
        x={x + width / 2}
        y={y + 13}
        textAnchor="middle"
        className={`text-[8px] font-semibold ${isMarked ? 'fill-on-accent' : 'fill-ink-soft'}`}
      >
        {label}
      </text>
      {isMarked && <Pointer x={x + width - 8} y={y + 14} />}
    </g>
  )
}

type HaloProps = { x: number; y: number; width: number; height: number }

export function Halo({ x, y, width, height }: HaloProps) {
  return (
    <rect
      x={x - 3}
      y={y - 3}
      width={width + 6}
      height={height + 6}
      rx="6"
      className="fill-accent"
      opacity="0.2"
    />
  )
}

export function Pointer({ x, y }: { x: number; y: number }) {
  return (
    <path
      d={`M${x} ${y}v12l3-2.800 2.100 4.600 2.300-1-2.100-4.500 4-.4z`}
      className="fill-ink stroke-page"
      strokeWidth="0.8"
      strokeLinejoin="round"
    />
  )
}

/** Other records, of no concern. */
export function SkeletonRow({ y }: { y: number }) {
  return (
    <g className="fill-line">
      <rect x="14" y={y} width="28" height="5" rx="2.500" />
      <rect x="58" y={y} width="52" height="5" rx="2.500" />
      <rect x="136" y={y} width="120" height="5" rx="2.500" />
    </g>
  )
}
