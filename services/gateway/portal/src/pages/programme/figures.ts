/** The programme's indicators as people read them: by what they are of, in the unit that they have. */
import type { Answer } from '@/api/client'
import { stateWord } from '@/api/words'
import { language, t } from '@/i18n'
import { fen, grouped, money, short } from '@/lib/money'

export type Indicator = Answer<'/api/v1/programme/dashboard'>['items'][number]
export type Figures = readonly Indicator[]

const DAY_HOURS = 24
const PPM = 1_000_000
const SHORT_FROM = 10_000 // yuan

export function find(items: Figures, id: Indicator['id'], step = ''): Indicator | undefined {
  return items.find((one) => one.id === id && (one.of.step ?? '') === step)
}

/** The steps of the funnel, in their order. */
export const steps = (items: Figures) => items.filter((one) => one.id === 'funnel.count').map((one) => one.of.step ?? '')

export const definition = (one: Indicator) => (language.value === 'en' ? one.definition_en : one.definition_zh)

/** A number as the reader's language writes it, with at most so many decimals. */
export function number(value: number, decimals = 0): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: decimals }).format(value)
}

/** `12.5 %` of millionths. */
export function percent(ppm: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(ppm / PPM)
}

/** Hours; less than one in minutes, from two days on in days. */
export function hours(value: number): string {
  if (value < 1) return t('common.minutes', { n: Math.round(value * 60) })
  if (value < 2 * DAY_HOURS) return t('programme.hours', { n: number(value, 1) })
  return t('programme.days', { n: number(value / DAY_HOURS, 1) })
}

/** The value of an indicator, or one of what it was divided by and into. */
export function written(one: Indicator, value: Indicator['value'] = one.value): string {
  if (value === null) return one.reason === 'under_three' ? '<3' : '—'
  if (one.unit === 'CNY') return `¥${grouped(String(value))}`
  if (one.id === 'exposure.gini') return number(Number(value) / PPM, 3)
  if (one.unit === 'ppm') return percent(Number(value))
  if (one.unit === 'hours') return hours(Number(value))
  return one.unit === 'seconds' ? t('programme.seconds', { n: number(Number(value), 1) }) : number(Number(value))
}

/** As `written`, shorter where it is an amount that a tile has no room for. */
export function brief(one: Indicator): string {
  if (one.unit !== 'CNY' || Number(one.value) < SHORT_FROM) return written(one)
  return short({ amount: String(one.value), currency: 'CNY' }, language.value !== 'en')
}

/** `3 / 12`, of what an indicator was made; numbers of things even where it is a share. */
export function parts(one: Indicator): string {
  if (one.denominator === null || one.numerator === one.denominator) return ''
  const each = (value: Indicator['value']) => (one.unit === 'CNY' ? written(one, value) : number(Number(value)))
  return one.numerator === null ? t('programme.of', { n: each(one.denominator) }) : `${each(one.numerator)} / ${each(one.denominator)}`
}

export interface Tally {
  key: string
  label: string
  /** Null where it is withheld: it tells of too few. */
  count: number | null
  shown: string
  total: number
  /** In yuan, where it is counted. */
  amount: string | null
}

/** How many of each `by`, the most first, or states in the order that the platform gave them. */
export function tallies(items: Figures, about: 'demands' | 'supplies' | 'matches', by: 'state' | 'kind', label: (key: string) => string): Tally[] {
  const found = new Map<string, Tally>()
  for (const one of items.filter((each) => each.id === `${about}.count_by_state`)) {
    const key = one.of[by] ?? ''
    const before = found.get(key)
    const count = one.value === null ? null : (before?.count ?? 0) + Number(one.value)
    const shown = count === null ? written(one) : number(count)
    found.set(key, { key, label: label(key), count, shown, total: Number(one.denominator), amount: null })
  }
  for (const one of items.filter((each) => each.id === 'demands.amount_by_state' && about === 'demands')) {
    const row = found.get(one.of[by] ?? '')
    if (row) row.amount = money(fen({ amount: row.amount ?? '0', currency: 'CNY' }) + fen({ amount: String(one.value), currency: 'CNY' })).amount
  }
  return [...found.values()].sort((one, other) => (other.count ?? 0) - (one.count ?? 0))
}

export const ofState = (kind: string) => (state: string) => stateWord(kind, state)
