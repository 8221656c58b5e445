/** A claim 应收账款 as its two sides see it, and the checks of its invoice before it is sent. */
import type { Money, Schemas } from '@/api/client'
import type { One } from '@/api/resources'
import { me } from '@/api/session'
import { fen, typed } from '@/lib/money'

export type Claim = One<'receivables'>
export const AWAITING: readonly string[] = ['confirmation_requested', 'prepared']

export const isSeller = (claim: Claim): boolean => claim.seller_id === me.value.party.id
export const isDebtor = (claim: Claim): boolean => claim.debtor_id === me.value.party.id

/** What of a confirmed claim no financing holds yet. */
export const free = (claim: Claim): bigint => fen(claim.confirmed) - fen(claim.credited) - fen(claim.allocated) - fen(claim.settled)

export interface InvoiceForm {
  code: string
  number: string
  issued_on: string
  total: string
  tax: string
  claimed: string
}
export const emptyInvoice = (): InvoiceForm => ({ code: '', number: '', issued_on: '', total: '', tax: '', claimed: '' })

export interface Check {
  words: string
  /** `no`: would be refused; `look`: the operator looks first; `wait`: not filled in yet. */
  verdict: 'yes' | 'no' | 'look' | 'wait'
}
/** `owed`: what may still be claimed of the payables that were chosen, in fen; null: none was. */
type Facts = { owed: bigint | null; contract?: One<'contracts'>; today: string }

/** The platform's own checks, said while the form is filled in (`finance/commands/receivables.py`). */
export function checks(form: InvoiceForm, { owed, contract, today }: Facts): Check[] {
  const [total, tax, claimed] = [typed(form.total), typed(form.tax), typed(form.claimed)]
  const judge = (isKnown: unknown, isFine: boolean, otherwise: 'no' | 'look') => (isKnown ? (isFine ? 'yes' : otherwise) : 'wait') as Check['verdict']
  return [
    { words: 'receivables.check-number', verdict: judge(form.number.trim(), isUsualNumber(form), 'look') },
    { words: 'receivables.check-tax', verdict: judge(total && tax, fen(tax) < fen(total), 'no') },
    { words: 'receivables.check-claim-invoice', verdict: judge(total && claimed, fen(claimed) > 0n && fen(claimed) <= fen(total), 'no') },
    { words: 'receivables.check-claim-owed', verdict: judge(claimed && owed !== null, fen(claimed) <= (owed ?? 0n), 'no') },
    { words: 'receivables.check-contract', verdict: judge(total && contract, fen(total) <= fen(contract?.amount), 'look') },
    { words: 'receivables.check-date', verdict: judge(form.issued_on, form.issued_on <= today && form.issued_on >= signedOn(contract), 'look') },
  ]
}

/** 数电发票 have 20 digits and no code; others 8, beside a code of 10 or 12. The platform takes others, too. */
function isUsualNumber({ code, number }: InvoiceForm): boolean {
  return code.trim() ? /^\d{10}(\d{2})?$/.test(code.trim()) && /^\d{8}$/.test(number.trim()) : /^\d{20}$/.test(number.trim())
}

function signedOn(contract?: One<'contracts'>): string {
  return contract?.signed_at ? new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(contract.signed_at)) : ''
}

/** The invoice and the amount as the API takes them, or null while something is missing. */
export function asBody(form: InvoiceForm): { invoice: Schemas['InvoiceArguments']; claimed: Money } | null {
  const [total, tax, claimed] = [typed(form.total), typed(form.tax), typed(form.claimed)]
  if (!total || !tax || !claimed || !form.number.trim() || !form.issued_on) return null
  const invoice = { code: form.code.trim(), number: form.number.trim(), issued_on: form.issued_on, total, tax, document_sha256: null }
  return { invoice, claimed }
}
