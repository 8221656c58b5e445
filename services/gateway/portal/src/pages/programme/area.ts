import { DataLine, Search, Upload } from '@element-plus/icons-vue'

import { actsAs, may } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'programme.area',
  order: 70,
  routes: [
    { path: 'programme', name: 'programme', component: () => import('./ProgrammePage.vue') },
    { path: 'audit', name: 'audit', component: () => import('./AuditPage.vue') },
  ],
  menu: [
    { label: 'programme.title', path: '/programme', icon: DataLine, isFor: () => may('programme:read') },
    { label: 'programme.audit', path: '/audit', icon: Search, isFor: () => may('audit:read') },
    { label: 'supplies.imports-public', path: '/imports', icon: Upload, isFor: () => may('programme:import') && !actsAs('supplier') },
  ],
} satisfies Area
