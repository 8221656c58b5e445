/** What a demand lacks before it can be published, seen before it is sent; the platform judges. */
import { computed } from 'vue'

import { useNow } from '@/api/clock'
import { typed } from '@/lib/money'
import { basisPoints, WHOLE_BP } from '@/lib/rates'

import { useKinds } from './catalogue'
import { instantOf, isEnd, type DemandForm } from './form'
import { isDays, shareOf } from './terms'

/** Each with the field that it is of, as the platform points at it. */
const FIELDS = {
  title: '/title',
  facets: '/facets',
  budget: '/budget',
  deadline: '/quote_deadline_at',
  past: '/quote_deadline_at',
  shares: '/terms',
  days: '/terms',
  'late-rate': '/terms',
} as const
export type Fault = keyof typeof FIELDS
/** What is typed there would be left out of what is sent, without a word. */
const LOST: Fault[] = ['facets', 'budget', 'days', 'late-rate']
export const isLost = (fault: Fault) => LOST.includes(fault)
export const fieldOf = (fault: Fault): string => FIELDS[fault]

export function useFaults(of: () => DemandForm) {
  const now = useNow()
  const { facetsOf } = useKinds()
  return computed((): Fault[] => {
    const form = of()
    const { nodes, inspection_days, late_rate } = form.terms
    const ends = facetsOf(form.kind).map((facet) => [facet.type, form.facets[facet.name]] as const)
    const found: [Fault, boolean][] = [
      ['title', form.title.trim() === ''],
      ['facets', ends.some(([type, facet]) => facet && !(isEnd(type, facet.min) && isEnd(type, facet.max)))],
      ['budget', form.budget.trim() !== '' && typed(form.budget) === null],
      ['deadline', form.quote_deadline === ''],
      ['past', form.quote_deadline !== '' && new Date(instantOf(form.quote_deadline)) <= now.value],
      ['shares', shareOf(form.terms) !== WHOLE_BP || nodes.some((node) => !basisPoints(node.share))],
      ['days', ![...nodes.map((node) => node.term_days), inspection_days].every(isDays)],
      ['late-rate', late_rate.trim() !== '' && basisPoints(late_rate) === null],
    ]
    return found.flatMap(([fault, isSo]) => (isSo ? [fault] : []))
  })
}

/** Leads to the field that a fault is of: the first of its controls that is not right. */
export function focusOn(fault: Fault): void {
  const field = document.querySelector(`[data-at="${fieldOf(fault)}"], [data-at^="${fieldOf(fault)}/"]`)
  const place = fault === 'facets' ? document : field
  const control = place?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? field?.querySelector<HTMLElement>('input, select, textarea')
  control?.focus()
  control?.scrollIntoView({ block: 'center' })
}
