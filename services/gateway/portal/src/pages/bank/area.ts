import { CreditCard, DataLine, Goods, Odometer, Tickets } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

const isBank = () => actsAs('bank')

export default {
  title: 'bank.area',
  order: 56,
  routes: [
    { path: 'queue', name: 'queue', component: () => import('./QueuePage.vue') },
    { path: 'queue/:id', name: 'bank-application', component: () => import('./BankSheet.vue'), props: true },
    { path: 'bank/offers/:id', name: 'bank-offer', component: () => import('./BankOffer.vue'), props: true },
    { path: 'bank/positions/:id', name: 'bank-position', component: () => import('./BankPosition.vue'), props: true },
    { path: 'bank/loans', name: 'bank-loans', component: () => import('./LoansPage.vue') },
    { path: 'bank/loans/:id', name: 'bank-loan', component: () => import('./BankLoan.vue'), props: true },
    { path: 'products', name: 'products', component: () => import('./ProductsPage.vue') },
    { path: 'limits', name: 'limits', component: () => import('./LimitsPage.vue') },
    { path: 'limits/:id', name: 'limit', component: () => import('./LimitPage.vue'), props: true },
    { path: 'portfolio', name: 'portfolio', component: () => import('./PortfolioPage.vue') },
  ],
  menu: [
    { label: 'bank.queue', path: '/queue', icon: Tickets, isFor: isBank },
    { label: 'bank.loans', path: '/bank/loans', icon: CreditCard, isFor: isBank },
    { label: 'bank.portfolio', path: '/portfolio', icon: DataLine, isFor: isBank },
    { label: 'bank.products', path: '/products', icon: Goods, isFor: isBank },
    { label: 'bank.limits', path: '/limits', icon: Odometer, isFor: isBank },
  ],
} satisfies Area
