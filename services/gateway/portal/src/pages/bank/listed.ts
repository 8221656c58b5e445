/** Several things in one line, as the reader's language writes them. */
import { isChinese } from '@/i18n'

export const listed = (texts: readonly string[] | undefined): string => texts?.join(isChinese.value ? '、' : ', ') || '—'
