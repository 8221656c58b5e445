/** What a demand lacks before it can be published, seen before it is sent; the platform judges. */
import { computed } from 'vue'

import { typed } from '@/lib/money'
import { basisPoints, WHOLE_BP } from '@/lib/rates'

import type { DemandForm } from './form'
import { shareOf } from './terms'

export type Fault = 'title' | 'budget' | 'deadline' | 'shares' | 'late-rate'

export function useFaults(of: () => DemandForm) {
  return computed((): Fault[] => {
    const form = of()
    const found: [Fault, boolean][] = [
      ['title', form.title.trim() === ''],
      ['budget', form.budget.trim() !== '' && typed(form.budget) === null],
      ['deadline', form.quote_deadline === ''],
      ['shares', shareOf(form.terms) !== WHOLE_BP || form.terms.nodes.some((node) => !basisPoints(node.share))],
      ['late-rate', form.terms.late_rate.trim() !== '' && basisPoints(form.terms.late_rate) === null],
    ]
    return found.flatMap(([fault, isSo]) => (isSo ? [fault] : []))
  })
}
