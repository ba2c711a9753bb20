import { useEffect, useState } from 'react'

const typingPauseMs = 120

/** What is being typed into the search of a list, which looks once the typing rests; cleared elsewhere, it is cleared here. */
export function useTypedSearch(
  searched: string,
  searchFor: (change: { search: string }) => void,
): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(searched)
  useEffect(() => setTyped(searched), [searched])
  useEffect(() => {
    const timer = setTimeout(() => searched !== typed && searchFor({ search: typed }), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed, searched, searchFor])
  return [typed, setTyped]
}
