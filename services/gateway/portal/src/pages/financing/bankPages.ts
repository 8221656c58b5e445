/** The bank's own view of an application and of a loan, where the bank's area brings it. */
import { defineAsyncComponent, type Component } from 'vue'

const found = import.meta.glob<Component>('../bank/Bank*.vue', { import: 'default' })

function page(name: string): Component | null {
  const load = found[`../bank/${name}.vue`]
  return load ? defineAsyncComponent(load) : null
}
export const BankSheet = page('BankSheet')
export const BankLoan = page('BankLoan')
