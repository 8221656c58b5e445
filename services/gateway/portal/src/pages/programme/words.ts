/** What the funnel's steps are called. */
import { t } from '@/i18n'

export const stepWords = (step: string) => t(`programme.step-${step}`)
