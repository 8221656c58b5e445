import { Shop, Tickets } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'demands.area',
  order: 10,
  routes: [
    { path: 'demands', name: 'demands', component: () => import('./ListPage.vue') },
    { path: 'demands/new', name: 'demand-new', component: () => import('./NewPage.vue') },
    { path: 'demands/:id', name: 'demand', component: () => import('./DemandPage.vue'), props: true },
    { path: 'demands/:id/amend', name: 'demand-amend', component: () => import('./AmendPage.vue'), props: true },
    { path: 'hall', name: 'hall', component: () => import('./HallPage.vue') },
  ],
  menu: [
    { label: 'demands.own', path: '/demands', icon: Tickets, isFor: () => actsAs('buyer') },
    { label: 'demands.hall', path: '/hall', icon: Shop, isFor: () => actsAs('supplier') },
  ],
} satisfies Area
