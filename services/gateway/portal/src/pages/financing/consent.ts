/** What an authorisation 授权书 says: which data, for what, to whom, until when. */
import type { Schemas } from '@/api/client'
import { plusDays } from '@/lib/rates'

type Item = Schemas['GrantAuthorisation']['items'][number]
export type Authorisation = Schemas['AuthorisationState']
export type Granting = Schemas['GrantAuthorisation']

export interface ConsentForm {
  banks: string[]
  /** Besides the needed ones. */
  items: Item[]
  purpose: string
  /** Empty: the usual term from today on. */
  valid_until: string
  agrees_data: boolean
  agrees_personal: boolean
}

/** Without these no bank can judge an application (`finance/rules/financing.yaml`). */
export const NEEDED: readonly Item[] = ['receivable', 'contract', 'invoice']
export const OPTIONAL: readonly Item[] = ['party', 'delivery', 'repayment']
const USUAL_DAYS = 180 // a claim's term and some time to be repaid

export const emptyConsent = (): ConsentForm => ({
  banks: [],
  items: [],
  purpose: '',
  valid_until: '',
  agrees_data: false,
  agrees_personal: false,
})

/** Until when it is given, of a form filled in today. */
export const lastDay = (form: ConsentForm, today: string): string => form.valid_until || plusDays(today, USUAL_DAYS)

/** As the API takes it; null while something is missing. */
export function granting(form: ConsentForm, purpose: string, today: string): Granting | null {
  const isWhole = form.banks.length && form.agrees_data && form.agrees_personal && lastDay(form, today) >= today
  if (!isWhole) return null
  return {
    recipient_ids: [...form.banks].sort(),
    items: [...NEEDED, ...OPTIONAL.filter((item) => form.items.includes(item))],
    purpose: form.purpose.trim() || purpose,
    valid_until: lastDay(form, today),
  }
}

/** Whether an application can rest on it. */
export const carries = (one: Authorisation, today: string): boolean =>
  one.state === 'granted' && (one.valid_until ?? '') >= today && NEEDED.every((item) => one.items?.includes(item))
