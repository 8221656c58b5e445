import { Checked, Files, List, OfficeBuilding } from '@element-plus/icons-vue'

import { actsAs, may } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'operator.area',
  order: 60,
  routes: [
    { path: 'board', name: 'board', component: () => import('./BoardPage.vue') },
    { path: 'parties', name: 'parties', component: () => import('./PartiesPage.vue') },
    { path: 'parties/new', name: 'party-new', component: () => import('./RegisterPage.vue') },
    { path: 'parties/:id', name: 'party', component: () => import('./PartyPage.vue'), props: true },
    { path: 'verification', name: 'verification', component: () => import('./VerificationPage.vue') },
    { path: 'verification/:id', name: 'verify-supply', component: () => import('./VerifySupplyPage.vue'), props: true },
    { path: 'checks', name: 'checks', component: () => import('./ChecksPage.vue') },
  ],
  menu: [
    { label: 'operator.board', path: '/board', icon: List, isFor: () => actsAs('operator') },
    { label: 'operator.parties', path: '/parties', icon: OfficeBuilding, isFor: () => may('parties:verify') },
    { label: 'operator.verification', path: '/verification', icon: Checked, isFor: () => may('supplies:verify') },
    { label: 'operator.checks', path: '/checks', icon: Files, isFor: () => may('receivables:check') },
  ],
} satisfies Area
