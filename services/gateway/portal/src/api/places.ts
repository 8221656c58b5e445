/** What the codes of regions (GB/T 2260) are called; asked for once, where they are to be shown. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

import { isChinese } from '@/i18n'

import { read, type Answer } from './client'

type Places = Answer<'/api/v1/places'> | undefined

export const isCode = (region: string) => /^\d{6}$/.test(region)
export const provinceOf = (code: string) => `${code.slice(0, 2)}0000`

export function usePlaces(isWanted: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['places'],
    queryFn: () => read('/api/v1/places'),
    enabled: computed(() => toValue(isWanted)),
    staleTime: Infinity, // changes with a release alone
  })
}

/** 110108 → 海淀区: alike in both languages, only provinces have an English name. */
export const nameWithin = (code: string, places: Places) => (places?.names[code] ?? code).slice(places?.names[provinceOf(code)]?.length ?? 0)

/** 110108 → 北京市海淀区, in English Beijing 海淀区. */
export function placeName(code: string, places: Places): string {
  const name = places?.names[code]
  const english = places?.provinces_en[provinceOf(code)]
  if (!name || !english || isChinese.value) return name ?? code
  return `${english} ${nameWithin(code, places)}`.trim()
}

/** The regions in words: a code by its name, what is no code as it is. */
export function useRegions(regions: MaybeRefOrGetter<readonly string[]>) {
  const { data } = usePlaces(() => toValue(regions).some(isCode))
  return computed(() => toValue(regions).map((one) => placeName(one, data.value)))
}
