/** Small drawings for empty and failing screens: penguins on ice, in the neutrals, with one orange beak. */
export function Drawing({ name }: { name: 'nest' | 'search' | 'away' }) {
  return (
    <svg aria-hidden width="168" height="104" viewBox="0 0 168 104" fill="none">
      <path
        d="M6 92c22-7 44-9 78-9s56 2 78 9"
        className="stroke-line-strong"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path d="M30 98h30M108 98h24" className="stroke-line" strokeWidth="2" strokeLinecap="round" />
      {name === 'nest' && (
        <>
          <Penguin x={54} scale={0.86} />
          <Penguin x={84} scale={1} />
          <Penguin x={113} scale={0.7} />
        </>
      )}
      {name === 'search' && (
        <>
          <Penguin x={70} scale={1} />
          <circle cx="116" cy="52" r="15" className="fill-page stroke-line-strong" strokeWidth="3" />
          <path d="m127 63 11 11" className="stroke-line-strong" strokeWidth="4" strokeLinecap="round" />
        </>
      )}
      {name === 'away' && (
        <>
          <Penguin x={50} scale={1} />
          <path
            d="M92 34h44M100 46h28M96 58h36"
            className="stroke-line-strong"
            strokeWidth="2"
            strokeLinecap="round"
            strokeDasharray="2 6"
          />
        </>
      )}
    </svg>
  )
}

function Penguin({ x, scale }: { x: number; scale: number }) {
  return (
    <g transform={`translate(${x} ${86 - 58 * scale}) scale(${scale})`}>
      <path d="M0 0c13 0 20 12 20 30 0 19-8 29-20 29s-20-10-20-29C-20 12-13 0 0 0Z" className="fill-ink" />
      <path
        d="M0 16c3-4 6-6 9-6 5 0 7 5 7 13 0 17-7 30-16 30s-16-13-16-30c0-8 2-13 7-13 3 0 6 2 9 6Z"
        className="fill-page"
      />
      <circle cx="-7" cy="20" r="2.400" className="fill-ink" />
      <circle cx="7" cy="20" r="2.400" className="fill-ink" />
      <path d="M0 32-6 25q6-3 12 0Z" className="fill-accent" />
      <path d="M-12 59h10M2 59h10" className="stroke-accent" strokeWidth="4" strokeLinecap="round" />
    </g>
  )
}
