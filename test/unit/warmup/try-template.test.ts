import { expect, test } from 'vitest'
import { templateProblems, tryTemplate } from '#engine/warmup/try-template.ts'

test('a template shows what it would become, the same each time', () => {
  const texts = {
    subject: '{Lunch|Coffee} on [weekday]',
    body: 'Hi [name],\n{one|two} at [number]?\n[sender]',
  }
  const trial = tryTemplate(texts)
  expect(trial).toEqual(tryTemplate(texts))
  expect(trial.problems).toEqual([])
  expect(trial.variants).toBe(4)
  expect(trial.examples).toHaveLength(3)
  for (const { subject, body } of trial.examples) {
    expect(subject).toMatch(/^(Lunch|Coffee) on Thursday$/)
    expect(body).toMatch(/^Hi Mia,\n(one|two) at 4\?\nLeo$/)
  }
})

test('one text has one example', () => {
  expect(tryTemplate({ subject: 'Lunch', body: 'Today?' }).examples).toHaveLength(1)
})

test('problems name their part and place, and there is nothing to show', () => {
  const trial = tryTemplate({ subject: 'Lunch}', body: 'Look\nat www.example.com' })
  expect(trial.variants).toBe(0)
  expect(trial.examples).toEqual([])
  expect(
    trial.problems.map(({ part, problem: { code, line, column } }) => [part, code, line, column]),
  ).toEqual([
    ['subject', 'unopened', 1, 6],
    ['body', 'link', 2, 4],
  ])
})

test('problems of a list name the template', () => {
  expect(
    templateProblems([
      { subject: 'Lunch', body: 'Today?' },
      { subject: 'Lunch', body: '{a|' },
    ]).map(({ template, part }) => [template, part]),
  ).toEqual([[1, 'body']])
})
