/** Filters kept under names of one's own, on whichever device: the platform remembers them. */
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { act, read } from '@/api/client'

export interface Saved {
  name: string
  query: Record<string, string>
}
export const MOST = 20 // they are all kept in one value of 16 KB
const NAME = 'queue.filters'
const KEY = ['preferences', NAME]

export function useSaved() {
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: KEY, queryFn: () => read('/api/v1/preferences', { query: { name: NAME } }) })
  const saved = computed(() => ((data.value?.items[0]?.value as { filters?: Saved[] } | null)?.filters ?? []) as Saved[])

  /** The newest first; one of the same name is replaced. */
  async function save(one: Saved, key: string) {
    await keep([one, ...saved.value.filter((other) => other.name !== one.name)].slice(0, MOST), key)
  }
  async function forget(name: string, key: string) {
    await keep(saved.value.filter((other) => other.name !== name), key)
  }
  async function keep(filters: Saved[], key: string) {
    await act('/api/v1/preferences', { body: { name: NAME, value: { filters } as never }, key })
    await queries.invalidateQueries({ queryKey: KEY })
  }
  /** Until it is, saving would take the place of what is kept already. */
  const isKnown = computed(() => data.value !== undefined)
  return { saved, isKnown, save, forget }
}
