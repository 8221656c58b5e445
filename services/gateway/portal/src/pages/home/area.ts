import { HomeFilled } from '@element-plus/icons-vue'

import type { Area } from '@/areas'

export default {
  title: 'home.title',
  order: 0,
  routes: [{ path: '', name: 'home', component: () => import('./HomePage.vue') }],
  menu: [{ label: 'home.title', path: '/', icon: HomeFilled, isFor: () => true }],
} satisfies Area
