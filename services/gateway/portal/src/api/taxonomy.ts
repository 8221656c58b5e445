/** What can be picked from: the capability taxonomy, and the kinds of demands with their facets. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { isChinese } from '@/i18n'

import { read, type Answer } from './client'
import type { Said } from './words'

export type Capability = Answer<'/api/v1/capabilities'>['items'][number]
export type DemandKind = Answer<'/api/v1/kinds'>['items'][number]
export type Facet = DemandKind['facets'][number]

export const inWords = (said: Said) => (isChinese.value ? said.zh : said.en)

/** The nodes, and what a code is called; the code itself until they are read. */
export function useCapabilities() {
  const { data } = useQuery({
    queryKey: ['capabilities'],
    queryFn: () => read('/api/v1/capabilities'),
    staleTime: Infinity, // changes with a release alone
  })
  const nodes = computed(() => data.value?.items ?? [])
  const byCode = computed(() => new Map(nodes.value.map((node) => [node.code, node])))
  function nameOf(code: string): string {
    const node = byCode.value.get(code)
    return node ? inWords(node) : code
  }
  return { nodes, nameOf }
}

/** Those that a text may mean: by code, name or synonym; at most `most`, whole names first. */
export function matching(nodes: readonly Capability[], text: string, most = 12): Capability[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted) return nodes.filter((node) => node.code === node.group)
  const called = (node: Capability) => [node.code, node.zh, node.en, ...node.synonyms].map((word) => word.toLowerCase())
  const found = nodes.filter((node) => called(node).some((word) => word.includes(wanted)))
  const isExact = (node: Capability) => Number(called(node).includes(wanted))
  return found.sort((one, other) => isExact(other) - isExact(one)).slice(0, most)
}

/** All kinds of demands; `ofSupply` finds the one that supplies of a kind answer. */
export function useKinds() {
  const { data } = useQuery({ queryKey: ['kinds'], queryFn: () => read('/api/v1/kinds'), staleTime: Infinity })
  const kinds = computed(() => data.value?.items ?? [])
  const ofSupply = (kind: string) => kinds.value.find((one) => one.answered_by.some((answer) => answer.kind === kind))
  const ofDemand = (kind: string) => kinds.value.find((one) => one.kind === kind)
  return { kinds, ofSupply, ofDemand }
}
