import { Box, Medal, Upload } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

const isSupplier = () => actsAs('supplier')

export default {
  title: 'supplies.title',
  order: 20,
  routes: [
    { path: 'supplies', name: 'supplies', component: () => import('./SuppliesPage.vue') },
    { path: 'supplies/new', name: 'supply-new', component: () => import('./NewPage.vue') },
    { path: 'supplies/:id', name: 'supply', component: () => import('./SupplyPage.vue') },
    { path: 'supplies/:id/edit', name: 'supply-edit', component: () => import('./EditPage.vue') },
    { path: 'evidence', name: 'evidence', component: () => import('./EvidencePage.vue') },
    { path: 'imports', name: 'imports', component: () => import('./ImportsPage.vue') },
    { path: 'imports/:id', name: 'import', component: () => import('./ImportPage.vue') },
  ],
  menu: [
    { label: 'supplies.mine', path: '/supplies', icon: Box, isFor: isSupplier },
    { label: 'supplies.vault', path: '/evidence', icon: Medal, isFor: isSupplier },
    { label: 'supplies.imports', path: '/imports', icon: Upload, isFor: isSupplier },
  ],
} satisfies Area
