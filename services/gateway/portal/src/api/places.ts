/** What the codes of regions are called; asked for once, where a code is to be shown. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

import { isChinese } from '@/i18n'

import { read, type Answer } from './client'

const isCode = (region: string) => /^\d{6}$/.test(region)

/** 110108 → 北京市海淀区, in English Beijing 海淀区: only provinces have an English name. */
function named(code: string, places: Answer<'/api/v1/places'> | undefined): string {
  const province = `${code.slice(0, 2)}0000`
  const name = places?.names[code]
  const english = places?.provinces_en[province]
  if (!name || !english || isChinese.value) return name ?? code
  return `${english} ${name.slice(places.names[province]?.length ?? 0)}`.trim()
}

/** The regions in words: a code by its name, what is no code as it is. */
export function useRegions(regions: MaybeRefOrGetter<readonly string[]>) {
  const { data } = useQuery({
    queryKey: ['places'],
    queryFn: () => read('/api/v1/places'),
    enabled: computed(() => toValue(regions).some(isCode)),
    staleTime: Infinity, // changes with a release alone
  })
  return computed(() => toValue(regions).map((one) => named(one, data.value)))
}
