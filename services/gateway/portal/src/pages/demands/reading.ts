/** What was read of a text: which candidate of each field is taken, and where its words stand. */
import type { Money, Schemas } from '@/api/client'
import { shown } from '@/lib/money'
import { when } from '@/lib/time'

import { said } from './catalogue'
import { local, requirementForm, type DemandForm, type Requirement } from './form'

export type Reading = Schemas['DemandReading']
export const FIELDS = [
  'budget', 'quantity', 'region', 'quote_deadline_at', 'delivery_due_date', 'category', 'requirements', 'performance',
  'delivery_days',
] as const
export type Field = (typeof FIELDS)[number]
export interface Candidate {
  value: unknown
  source: 'title' | 'text'
  start: number
  end: number
  words: string
  zh?: string
  en?: string
}
/** By field the places of the candidates taken: of requirements as many as hold, of others one at most. */
export type Choice = Record<Field, number[]>
export interface Segment {
  words: string
  field: Field | null
  isTaken: boolean
}

export function candidatesOf(reading: Reading, field: Field): Candidate[] {
  return reading.read[field] as unknown as Candidate[]
}

/** What is sure enough to begin with: the platform's draft says so. */
export function firstChoice(reading: Reading): Choice {
  const draft = reading.draft as Record<string, unknown>
  const taken = (field: Field) => {
    const all = candidatesOf(reading, field)
    if (field === 'delivery_days' || draft[field] === undefined) return []
    if (field === 'requirements') {
      const proposed = (draft[field] as Requirement[]).map((one) => JSON.stringify(one))
      return all.flatMap((one, place) => (proposed.includes(JSON.stringify(one.value)) ? [place] : []))
    }
    const place = all.findIndex((one) => JSON.stringify(one.value) === JSON.stringify(draft[field]))
    return [Math.max(0, place)]
  }
  return Object.fromEntries(FIELDS.map((field) => [field, taken(field)])) as Choice
}

/** The text in pieces, those that a field was read from marked; what was taken goes before what was not. */
export function segments(text: string, reading: Reading, choice: Choice, source: Candidate['source']): Segment[] {
  const characters = Array.from(text) // places count Unicode characters, strings do not
  const found = FIELDS.flatMap((field) =>
    candidatesOf(reading, field).map((one, place) => ({ ...one, field, isTaken: choice[field].includes(place) })),
  ).filter((one) => one.source === source)
  found.sort((one, other) => Number(other.isTaken) - Number(one.isTaken) || one.start - other.start)
  const kept: typeof found = []
  for (const one of found) if (kept.every((other) => one.end <= other.start || other.end <= one.start)) kept.push(one)
  kept.sort((one, other) => one.start - other.start)
  const pieces: Segment[] = []
  let at = 0
  const plain = (end: number) => {
    if (end > at) pieces.push({ words: characters.slice(at, end).join(''), field: null, isTaken: false })
  }
  for (const { start, end, field, isTaken } of kept) {
    plain(start)
    pieces.push({ words: characters.slice(start, end).join(''), field, isTaken })
    at = end
  }
  plain(characters.length)
  return pieces
}

/** A candidate's value as people read it. */
export function valueWords(field: Field, one: Candidate, or: string): string {
  if (field === 'budget') return shown(one.value as Money)
  if (field === 'quote_deadline_at' || field === 'delivery_due_date') return when(one.value as string)
  if (field === 'category' && one.zh && one.en) return said({ zh: one.zh, en: one.en })
  if (field === 'requirements') return requirementWords(one.value as Requirement, or)
  return String(one.value)
}

export function requirementWords(required: Requirement, or: string): string {
  const all = [required, ...(required.alternatives ?? [])]
  return all.map((one) => [one.name, one.grade].filter(Boolean).join(' ')).join(or)
}

/** Puts what was taken into the form; what was not taken stays as it was there. */
export function take(reading: Reading, choice: Choice, form: DemandForm): void {
  const value = (field: Field) => candidatesOf(reading, field)[choice[field][0]]?.value
  const text = (field: Field, before: string) => (value(field) === undefined ? before : String(value(field)))
  form.title = form.title || (reading.draft.title ?? '')
  form.budget = (value('budget') as Money | undefined)?.amount ?? form.budget
  form.quantity = text('quantity', form.quantity)
  form.region = text('region', form.region)
  form.category = text('category', form.category)
  form.performance = text('performance', form.performance)
  form.quote_deadline = local(value('quote_deadline_at') as string | undefined) || form.quote_deadline
  form.delivery_due_date = text('delivery_due_date', form.delivery_due_date)
  const required = choice.requirements.map((place) => candidatesOf(reading, 'requirements')[place].value as Requirement)
  if (required.length) {
    form.asks = 'some'
    form.requirements = required.map(requirementForm)
  }
}
