/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[36px_52px_minmax(180px,1fr)_88px_164px_64px_80px_minmax(96px,120px)_96px_40px] gap-x-1 items-center px-3 @max-[1000px]:grid-cols-[36px_52px_minmax(180px,1fr)_88px_164px_64px_0_minmax(96px,120px)_96px_40px] @max-[860px]:grid-cols-[36px_52px_minmax(180px,1fr)_84px_160px_0_0_0_92px_36px]'

/** The four marks and their names. */
export const markColumns = 'grid grid-cols-4 justify-items-center'

/** What gives way in a narrow window, one before the other. */
export const givesWayFirst = '@max-[1000px]:invisible'
export const givesWaySecond = '@max-[860px]:invisible'
