/** What a person fills in to apply for money, from the first receivable to the last word. */
import { inject, provide, type InjectionKey } from 'vue'

import type { Schemas } from '@/api/client'
import { noIntention, type Intention } from '@/lib/action'

import { emptyConsent, type ConsentForm } from './consent'

export interface FinancingForm {
  /** By receivable: how much of it, as typed. */
  amounts: Record<string, string>
  /** What the calculation assumes where a bank has never named a price; per cent a year, per cent once. */
  rate: string
  fee: string
  consent: ConsentForm
  authorisation_id: string
  window_hours: string
  purpose: string
  granting: Intention
  applying: Intention
}
export type Share = Schemas['ShareArguments']

export const SHARES_MAX = 20 // of one application, as the contract has it
export const WINDOWS_HOURS = ['6', '12', '24', '48', '72', '120', '240'] as const
export const STEPS = ['choose', 'cost', 'consent', 'apply'] as const

export const emptyForm = (): FinancingForm => ({
  amounts: {},
  rate: '4.00',
  fee: '0.10',
  consent: emptyConsent(),
  authorisation_id: '',
  window_hours: '24',
  purpose: '',
  granting: noIntention(),
  applying: noIntention(),
})

const FORM: InjectionKey<FinancingForm> = Symbol('financing')
export const provideForm = (form: FinancingForm) => provide(FORM, form)
export function useForm(): FinancingForm {
  const form = inject(FORM)
  if (!form) throw new Error('outside of the wizard')
  return form
}
