/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[36px_44px_minmax(200px,1fr)_104px_148px_minmax(96px,160px)_100px_44px] items-center px-3'
