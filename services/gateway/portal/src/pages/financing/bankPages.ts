/** The bank's own view of an application and of a loan, loaded for banks alone. */
import { defineAsyncComponent } from 'vue'

export const BankSheet = defineAsyncComponent(() => import('../bank/BankSheet.vue'))
export const BankLoan = defineAsyncComponent(() => import('../bank/BankLoan.vue'))
