/** What a demand may be of, and about: kinds with their facets, and the capability taxonomy. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { read, type Answer } from '@/api/client'
import { isChinese } from '@/i18n'

const HOUR_MS = 3_600_000 // they change with a release alone

export type Kind = Answer<'/api/v1/kinds'>['items'][number]
export type KindFacet = Kind['facets'][number]
export interface Capability {
  code: string
  group: string
  zh: string
  en: string
}

export const said = (words: { zh: string; en: string }) => (isChinese.value ? words.zh : words.en)

export function useKinds() {
  const { data } = useQuery({
    queryKey: ['catalogue', 'kinds'],
    queryFn: () => read('/api/v1/kinds'),
    staleTime: HOUR_MS,
  })
  const kinds = computed(() => data.value?.items ?? [])
  const kindOf = (kind: string | undefined) => kinds.value.find((one) => one.kind === kind)
  const facetsOf = (kind: string | undefined) => kindOf(kind)?.facets ?? []
  return { kinds, kindOf, facetsOf, isReady: computed(() => data.value !== undefined) }
}

/** Empty where the platform does not tell of it: then a capability is typed. */
export function useCapabilities() {
  const { data } = useQuery({ queryKey: ['catalogue', 'capabilities'], queryFn: capabilities, staleTime: HOUR_MS })
  const nodes = computed(() => data.value ?? [])
  const groups = computed(() => nodes.value.filter((node) => node.group === node.code))
  const leaves = (group: string) => nodes.value.filter((node) => node.group === group && node.code !== group)
  /** A code in words; what is no code as it is. */
  const nameOf = (code: string) => {
    const node = nodes.value.find((one) => one.code === code)
    return node ? said(node) : code
  }
  return { nodes, groups, leaves, nameOf }
}

async function capabilities(): Promise<Capability[]> {
  const response = await fetch('/api/v1/capabilities')
  return response.ok ? ((await response.json()) as { items: Capability[] }).items : []
}
