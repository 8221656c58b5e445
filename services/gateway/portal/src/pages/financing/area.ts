import { Coin, Money, Wallet } from '@element-plus/icons-vue'

import { actsAs, may } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'financing.area',
  order: 55,
  routes: [
    { path: 'financing/new', name: 'financing-new', component: () => import('./NewPage.vue') },
    { path: 'applications', name: 'applications', component: () => import('./ApplicationList.vue') },
    { path: 'applications/:id', name: 'application', component: () => import('./ApplicationPage.vue') },
    { path: 'loans', name: 'loans', component: () => import('./LoanList.vue') },
    { path: 'loans/:id', name: 'loan', component: () => import('./LoanPage.vue') },
    { path: 'positions/:id', name: 'position', component: () => import('./PositionPage.vue') },
  ],
  menu: [
    { label: 'financing.new', path: '/financing/new', icon: Coin, isFor: () => may('applications:write') },
    { label: 'financing.applications', path: '/applications', icon: Money, isFor: () => actsAs('supplier') },
    { label: 'financing.loans', path: '/loans', icon: Wallet, isFor: () => actsAs('supplier') },
  ],
} satisfies Area
