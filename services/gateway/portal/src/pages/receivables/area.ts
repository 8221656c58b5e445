import { Stamp, Tickets } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'receivables.area',
  order: 50,
  routes: [
    { path: 'receivables', name: 'receivables', component: () => import('./ReceivableList.vue') },
    { path: 'receivables/new', name: 'receivable-new', component: () => import('./EnterPage.vue') },
    { path: 'receivables/:id', name: 'receivable', component: () => import('./ReceivablePage.vue') },
    { path: 'confirmations', name: 'confirmations', component: () => import('./ConfirmationDesk.vue') },
  ],
  menu: [
    { label: 'receivables.desk', path: '/confirmations', icon: Stamp, isFor: () => actsAs('buyer') },
    { label: 'receivables.title', path: '/receivables', icon: Tickets, isFor: () => actsAs('supplier') },
  ],
} satisfies Area
