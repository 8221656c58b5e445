/** What the platform calls its states, facts, steps and codes, in both languages: its own words. */
import { shallowRef } from 'vue'

import { isChinese, t } from '@/i18n'

export interface Said {
  zh: string
  en: string
}
type Named = Record<string, Said>
export interface Words {
  kinds: Named
  facts: Named
  states: Record<string, Named>
  steps: Named
  roles: Named
  capacities: Named
  scopes: Named
  /** What people fill in, as the API names it, and the columns of a sheet of supplies. */
  fields: Named
  columns: Named
  codes: Record<string, Named>
  /** Why something may be refused or ended, by command. */
  reasons: Record<string, Named>
}

const NONE: Words = { kinds: {}, facts: {}, states: {}, steps: {}, roles: {}, capacities: {}, scopes: {}, fields: {}, columns: {}, codes: {}, reasons: {} }
const words = shallowRef<Words>(NONE)

export async function learn(): Promise<Words> {
  const response = await fetch('/api/v1/words')
  if (response.ok) words.value = (await response.json()) as Words
  return words.value
}

export const factWord = (type: string) => said(words.value.facts[type.replace(/\.v\d+$/, '')] ?? words.value.facts[type], type)
export const kindWord = (kind: string) => said(words.value.kinds[kind], kind)
export const stateWord = (kind: string, state: string) => said(words.value.states[kind]?.[state], state)
export const stepWord = (step: string) => said(words.value.steps[step], step)
export const roleWord = (role: string) => said(words.value.roles[role], role)
export const capacityWord = (capacity: string) => said(words.value.capacities[capacity], capacity)
export const scopeWord = (scope: string) => said(words.value.scopes[scope], scope)

/** What a JSON pointer leads to, `/nodes/1/share_bp`: "付款节点 第 2 项 · 比例"; nothing where it has no name. */
export const fieldWord = (pointer: string) => named(pointer, words.value.fields)
/** The same of a row of a sheet. */
export const columnWord = (pointer: string) => named(pointer, { ...words.value.fields, ...words.value.columns })

function named(pointer: string, names: Named): string {
  const found: string[] = []
  for (const step of pointer.split('/').slice(1)) {
    const last = found.length - 1
    if (names[step]) found.push(said(names[step], step))
    else if (/^\d+$/.test(step) && last >= 0) found[last] += ` ${t('common.nth', { n: Number(step) + 1 })}`
  }
  return found.join(' · ')
}

/** `list` names which codes, e.g. `nature`, `size`, `method`. */
export const codeWord = (list: string, code: string | null | undefined) =>
  code ? said(words.value.codes[list]?.[code], code) : '—'

/** Types of facts by the kind of thing they are about, e.g. `demand` → `demand.published.v1` …. */
export function factsByKind(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const type of Object.keys(words.value.facts)) {
    const kind = type.split('.')[0]
    found.set(kind, [...(found.get(kind) ?? []), type])
  }
  return found
}

function said(word: Said | undefined, code: string): string {
  return word ? (isChinese.value ? word.zh : word.en) : code
}

/** The duties that people of an organisation with these capacities may have. */
export function rolesOf(capacities: readonly string[]): string[] {
  return Object.keys(words.value.roles).filter((role) => capacities.includes(role.split('.')[0]))
}

/** The states that things of a kind may have, in their order. */
export function statesOf(kind: string): string[] {
  return Object.keys(words.value.states[kind] ?? {})
}

/** All types of facts, those of a kind together. */
export function factsOf(): string[] {
  return Object.keys(words.value.facts)
}

/** The reasons that a command offers, e.g. of `cancel_demand`. */
export function reasonsOf(command: string): string[] {
  return Object.keys(words.value.reasons[command] ?? {})
}

export const reasonWord = (command: string, code: string) => said(words.value.reasons[command]?.[code], code)
