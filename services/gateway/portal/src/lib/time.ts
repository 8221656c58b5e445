/** Times as the reader's language has them, always of Asia/Shanghai: that is where deadlines end. */
import { language, t } from '@/i18n'

const ZONE = 'Asia/Shanghai'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_DAYS = 7 // from then on hours say nothing

function format(moment: string | Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.value, { timeZone: ZONE, ...options }).format(new Date(moment))
}

/** An instant: `2026年11月27日 18:00`. */
export function instant(moment: string | null | undefined): string {
  return moment ? format(moment, { dateStyle: 'medium', timeStyle: 'short' }) : '—'
}

/** A day, which has no zone: `2026年11月27日`. */
export function day(date: string | null | undefined): string {
  return date ? format(`${date}T12:00:00+08:00`, { dateStyle: 'medium' }) : '—'
}

/** Either of them, by its shape. */
export function when(moment: string | null | undefined): string {
  return moment && moment.length <= 10 ? day(moment) : instant(moment)
}

/** Until when: the midnight that ends a day is that day's, `2026年12月16日 24:00`. */
export function deadline(moment: string | null | undefined): string {
  const isMidnight = moment && moment.length > 10 && format(moment, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) === '00:00'
  return isMidnight ? `${format(new Date(Date.parse(moment) - HOUR_MS), { dateStyle: 'medium' })} 24:00` : when(moment)
}

/** `2 天 3 小时` until an instant, `2 天` until the end of a day; negative ones have passed. */
export function span(ms: number, isOfDays = false): string {
  const size = Math.abs(ms)
  const [days, hours] = [Math.floor(size / DAY_MS), Math.floor((size % DAY_MS) / HOUR_MS)]
  if (days >= 2) return [t('common.days', { n: days }), ...(isOfDays || !hours || days >= WEEK_DAYS ? [] : [t('common.hours', { n: hours })])].join(' ')
  if (size >= 2 * HOUR_MS) return t('common.hours', { n: Math.floor(size / HOUR_MS) })
  return t('common.minutes', { n: Math.max(1, Math.floor(size / 60_000)) })
}

export function endOf(moment: string): Date {
  return new Date(moment.length <= 10 ? `${moment}T23:59:59+08:00` : moment)
}

/** Today in Shanghai as `YYYY-MM-DD`, of business time. */
export function dateOf(moment: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(moment)
}
