import type { DmarcStep } from '#shared/model/record-plan.ts'

/** What is published, the step that is chosen, and the record that makes it so. */
export const dmarcSteps: [string | null, DmarcStep, string][] = [
  [null, 'none', 'v=DMARC1; p=none; rua=mailto:dmarc@example.com'],
  [null, 'reject', 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com'],
  ['v=DMARC1; p=none', 'none', 'v=DMARC1; p=none'],
  [
    'v=DMARC1; p=none; rua=mailto:a@b.example; aspf=s; sp=reject',
    'quarantine',
    'v=DMARC1; p=quarantine; rua=mailto:a@b.example; aspf=s; sp=reject',
  ],
  [
    'v=DMARC1; p=reject; pct=10; x=1; rua=mailto:a@b.example',
    'quarantine',
    'v=DMARC1; p=quarantine; rua=mailto:a@b.example',
  ],
  // With t=y a policy counts one step less, so the step is not in force.
  ['v=DMARC1; p=reject; t=y; rua=mailto:a@b.example', 'reject', 'v=DMARC1; p=reject; rua=mailto:a@b.example'],
]
