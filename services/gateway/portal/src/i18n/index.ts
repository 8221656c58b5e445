/**
 * Chinese first, English complete; a language is loaded when it is first read. The words of who is
 * not signed in come alone, so that the way in is there before all that lies behind it.
 */
import { computed, watchEffect, type Ref } from 'vue'
import { createI18n } from 'vue-i18n'

import { caller } from '@/api/client'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const KEPT = 'sails-language'
const PACKS = {
  'zh-CN': { entry: () => import('texts:zh-CN/entry'), areas: () => import('texts:zh-CN/areas') },
  en: { entry: () => import('texts:en/entry'), areas: () => import('texts:en/areas') },
}

export const i18n = createI18n({
  legacy: false as const,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: {},
  messageCompiler: (text) => () => String(text), // what is to be filled in comes compiled
})
export const language = computed<Language>(() => (i18n.global.locale as unknown as Ref<Language>).value)
export const isChinese = computed(() => language.value === 'zh-CN')

/** The words in the reader's language, for what is no component. */
export const t = i18n.global.t as unknown as (key: string, named?: Record<string, unknown>) => string

export function preferred(): Language {
  const kept = localStorage.getItem(KEPT) as Language | null
  if (kept && LANGUAGES.includes(kept)) return kept
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

let isOfAll = false
const known: Partial<Record<Language, number>> = {} // of how many packs

async function learn(wanted: Language): Promise<void> {
  const { entry, areas } = PACKS[wanted]
  const packs = await Promise.all(isOfAll ? [entry(), areas()] : [entry()])
  if ((known[wanted] ?? 0) >= packs.length) return
  known[wanted] = packs.length
  i18n.global.setLocaleMessage(wanted, Object.assign({}, ...packs.map((pack) => pack.default)) as never)
}

export async function speak(wanted: Language): Promise<void> {
  await learn(wanted)
  ;(i18n.global.locale as unknown as Ref<Language>).value = wanted
  localStorage.setItem(KEPT, wanted)
  document.documentElement.lang = wanted
}

/** The words of every area, too, from now on and in either language. */
export function speakOfAll(): Promise<void> {
  isOfAll = true
  return learn(language.value)
}

watchEffect(() => {
  caller.language = language.value
})
