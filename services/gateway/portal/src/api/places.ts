/** What the codes of regions are called; asked for once, where a code is to be shown. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

import { read } from './client'

const isCode = (region: string) => /^\d{6}$/.test(region)

/** The regions in words: a code by its name, what is no code as it is. */
export function useRegions(regions: MaybeRefOrGetter<readonly string[]>) {
  const { data } = useQuery({
    queryKey: ['places'],
    queryFn: () => read('/api/v1/places'),
    enabled: computed(() => toValue(regions).some(isCode)),
    staleTime: Infinity, // changes with a release alone
  })
  return computed(() => toValue(regions).map((one) => data.value?.names[one] ?? one))
}
