/** Times as the reader's language has them, always of Asia/Shanghai: that is where deadlines end. */
import { language, t } from '@/i18n'

const ZONE = 'Asia/Shanghai'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

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

/** `2 天 3 小时` until an instant or the end of a day; negative ones have passed. */
export function span(ms: number): string {
  const size = Math.abs(ms)
  if (size >= 2 * DAY_MS) return t('common.days', { n: Math.floor(size / DAY_MS) })
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
