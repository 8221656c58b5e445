import { Bell } from '@element-plus/icons-vue'

import type { Area } from '@/areas'

export default {
  title: 'told.title',
  order: 0,
  routes: [{ path: 'notifications', name: 'notifications', component: () => import('./NotificationsPage.vue') }],
  menu: [{ label: 'told.title', path: '/notifications', icon: Bell, isFor: () => true }],
} satisfies Area
