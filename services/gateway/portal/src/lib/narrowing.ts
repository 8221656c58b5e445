/** What a list is narrowed to, by its address; each list has the filters that the API has for it. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { read, type Answer, type ReadPath } from '@/api/client'
import { kindOf, type Filters, type Plural } from '@/api/resources'

import { useAddress } from './address'

// As `services/gateway/readmodel/extracts.py` has them.
const WITH_KIND: readonly string[] = ['demands', 'supplies']
const WITH_DUE: readonly string[] = ['demands', 'quotes', 'contracts', 'deliveries', 'payables', 'supplies', 'receivables', 'authorisations', 'applications', 'offers', 'loans', 'mandates']
const WITH_AMOUNT: readonly string[] = ['demands', 'quotes', 'contracts', 'deliveries', 'payables', 'supplies', 'receivables', 'positions', 'applications', 'offers', 'loans', 'limits', 'mandates']
const AS_FILE = ['parties', 'demands', 'supplies', 'matches', 'quotes', 'contracts', 'payables', 'receivables', 'positions', 'applications', 'offers', 'loans'] as const

export const MORE = ['kind', 'from', 'to', 'due_from', 'due_to', 'amount_from', 'amount_to'] as const
const LEAST_LETTERS = 2 // of a word that is searched for, as the API has it
const MOST_WORDS = 5

export type Count = Answer<'/api/v1/demands/count'>
export type Narrowing = ReturnType<typeof useNarrowing>

/** `fixed`: what the page itself asks for, whatever its address says; a state or an order of its own is not chosen. */
export function useNarrowing<K extends Plural>(plural: K, fixed: MaybeRefOrGetter<Filters<K>> = {} as Filters<K>) {
  const { at, put, all } = useAddress()
  const hasDue = WITH_DUE.includes(plural)
  const hasAmount = WITH_AMOUNT.includes(plural)
  const hasKind = WITH_KIND.includes(plural)
  const has = (name: string) => (name === 'kind' ? hasKind : name.startsWith('due') ? hasDue : name.startsWith('amount') ? hasAmount : true)
  const more = MORE.filter(has)
  const own = computed(() => toValue(fixed) as Record<string, unknown>)
  const file = AS_FILE.find((one) => one === plural)
  const hasStates = !('state' in own.value)
  const names = ['q', ...more, ...(hasStates ? ['state'] : [])]
  const sorts = 'sort' in own.value ? [] : ['newest', ...(hasDue ? ['due'] : []), ...(hasAmount ? ['amount'] : [])]
  return {
    plural: plural as Plural,
    kind: kindOf(plural),
    hasDue,
    hasAmount,
    hasKind,
    hasStates,
    file: file && (`/api/v1/${file}/export` as const),
    sorts,
    /** As the list is asked for. */
    filters: computed(() => ({ ...all([...names, 'sort']), ...own.value }) as Filters<K>),
    /** As it is counted by state. */
    counted: computed(() => ({ ...all(['q', ...more]), ...without(own.value, 'limit') })),
    chosenMore: computed(() => more.filter(at)),
    isNarrowed: computed(() => names.some(at)),
    clear: () => put(Object.fromEntries(names.map((name) => [name, '']))),
  }
}

/** How many there are by state, whichever state is chosen. */
export function useCount(narrowing: Narrowing) {
  return useQuery({
    queryKey: computed((): unknown[] => ['list', narrowing.plural, 'count', narrowing.counted.value]),
    queryFn: ({ signal }) => read(`/api/v1/${narrowing.plural}/count` as ReadPath, { query: narrowing.counted.value as never, signal }) as Promise<Count>,
    placeholderData: keepPreviousData,
  })
}

/** What can be searched for: a few words of two characters or more; else null. */
export function question(text: string): string | null {
  const words = text.split(/\s+/).filter(Boolean)
  const isGood = words.length <= MOST_WORDS && words.every((word) => [...word].length >= LEAST_LETTERS)
  return isGood ? words.join(' ') : null
}

function without(given: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== name))
}
