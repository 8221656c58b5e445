import { Key, OfficeBuilding, Promotion, Stamp } from '@element-plus/icons-vue'

import { may } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'organisation.area',
  order: 90,
  routes: [
    { path: 'organisation', name: 'organisation', component: () => import('./OrganisationPage.vue') },
    { path: 'authorisations', name: 'authorisations', component: () => import('./AuthorisationsPage.vue') },
    { path: 'keys', name: 'keys', component: () => import('./KeysPage.vue') },
  ],
  menu: [
    { label: 'organisation.title', path: '/organisation', icon: OfficeBuilding, isFor: () => true },
    { label: 'organisation.authorisations', path: '/authorisations', icon: Stamp, isFor: () => true },
    { label: 'organisation.keys', path: '/keys', icon: Key, isFor: () => may('keys:write') },
    { label: 'webhooks.title', path: '/webhooks', icon: Promotion, isFor: () => may('webhooks:write') },
  ],
} satisfies Area
