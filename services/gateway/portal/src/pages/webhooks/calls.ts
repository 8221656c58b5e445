/** What was called. Calls are no facts: while a page shows them they are asked for every few seconds. */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { read, type Answer } from '@/api/client'

export type Call = Answer<'/api/v1/webhooks/{id}/deliveries'>['items'][number]
export type Outcome = '' | Call['outcome']

const EVERY_MS = 3_000
const PAGE = 20

export function useHealth(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed((): unknown[] => ['webhook-calls', toValue(id), 'status']),
    queryFn: ({ signal }) => read('/api/v1/webhooks/{id}/status', { id: toValue(id), signal }),
    refetchInterval: EVERY_MS,
  })
}

export function useCalls(id: MaybeRefOrGetter<string>, outcome: MaybeRefOrGetter<Outcome>) {
  const query = useInfiniteQuery({
    queryKey: computed((): unknown[] => ['webhook-calls', toValue(id), 'log', toValue(outcome)]),
    queryFn: ({ pageParam, signal }) => {
      const chosen = toValue(outcome)
      const asked = { limit: PAGE, ...(chosen ? { outcome: chosen } : {}), ...(pageParam ? { cursor: pageParam } : {}) }
      return read('/api/v1/webhooks/{id}/deliveries', { id: toValue(id), query: asked, signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
    // Whoever reads older pages is not disturbed.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? false : EVERY_MS),
  })
  return { ...query, items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []) }
}

/** Looks at once, after something was asked for. */
export function useLookAgain() {
  const queries = useQueryClient()
  return (id: string) => queries.invalidateQueries({ queryKey: ['webhook-calls', id] })
}
