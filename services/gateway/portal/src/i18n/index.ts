/** Chinese first, English complete; a language is loaded when it is first read. */
import { computed, watchEffect, type Ref } from 'vue'
import { createI18n } from 'vue-i18n'

import { caller } from '@/api/client'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const KEPT = 'sails-language'
const PACKS = { 'zh-CN': () => import('texts:zh-CN'), en: () => import('texts:en') }

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

export async function speak(wanted: Language): Promise<void> {
  const pack = await PACKS[wanted]()
  i18n.global.setLocaleMessage(wanted, pack.default as never)
  ;(i18n.global.locale as unknown as Ref<Language>).value = wanted
  localStorage.setItem(KEPT, wanted)
  document.documentElement.lang = wanted
}

watchEffect(() => {
  caller.language = language.value
})
