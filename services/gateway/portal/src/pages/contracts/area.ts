import { Calendar, Document } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

const isParty = () => actsAs('buyer') || actsAs('supplier')

export default {
  title: 'contracts.area',
  order: 40,
  routes: [
    { path: 'contracts', name: 'contracts', component: () => import('./ContractList.vue') },
    { path: 'contracts/:id', name: 'contract', component: () => import('./ContractPage.vue') },
    { path: 'deliveries/:id', name: 'delivery', component: () => import('./DeliveryPage.vue') },
    { path: 'payables', name: 'payables', component: () => import('./PayableList.vue') },
    { path: 'payables/:id', name: 'payable', component: () => import('./PayablePage.vue') },
  ],
  menu: [
    { label: 'contracts.title', path: '/contracts', icon: Document, isFor: isParty },
    { label: 'contracts.we-owe', path: '/payables', icon: Calendar, isFor: () => actsAs('buyer') && !actsAs('supplier') },
    { label: 'contracts.owed-to-us', path: '/payables', icon: Calendar, isFor: () => actsAs('supplier') && !actsAs('buyer') },
    { label: 'contracts.both-sides', path: '/payables', icon: Calendar, isFor: () => actsAs('buyer') && actsAs('supplier') },
  ],
} satisfies Area
