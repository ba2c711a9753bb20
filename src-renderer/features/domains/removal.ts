import { create } from 'zustand'

export type RemovalQuestion = {
  /** What is to be removed, as a person calls it. */
  readonly what: string
  readonly mailboxes: number
  readonly answer: (isYes: boolean) => void
}

type RemovalState = {
  question: RemovalQuestion | null
  ask(question: Omit<RemovalQuestion, 'answer'>): Promise<boolean>
}

/** A domain that has mailboxes is not removed without a question. */
export const useRemoval = create<RemovalState>(set => ({
  question: null,
  ask: question =>
    new Promise(resolve => {
      const answer = (isYes: boolean) => {
        set({ question: null })
        resolve(isYes)
      }
      set({ question: { ...question, answer } })
    }),
}))
