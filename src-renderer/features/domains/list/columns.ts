/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[36px_52px_minmax(180px,1fr)_104px_168px_72px_84px_minmax(96px,160px)_104px_44px] gap-x-1 items-center px-3 @max-[1000px]:grid-cols-[36px_52px_minmax(180px,1fr)_104px_168px_72px_0_minmax(96px,160px)_104px_44px] @max-[860px]:grid-cols-[36px_52px_minmax(180px,1fr)_104px_168px_0_0_0_104px_44px]'

/** The four marks and their names. */
export const markColumns = 'grid grid-cols-4 justify-items-center'

/** The button of a row's menu: there for the pointer. */
export const menuButton =
  'inline-flex size-7 cursor-default items-center justify-center rounded-control text-ink-soft opacity-0 hover:bg-hover group-hover:opacity-100 data-pressed:opacity-100 aria-expanded:opacity-100 [&_svg]:size-4'
