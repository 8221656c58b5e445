import type { Area } from '@/areas'

export default {
  title: 'deals.title',
  order: 1,
  routes: [{ path: 'deals/:id', name: 'deal', component: () => import('./DealPage.vue'), props: true }],
  menu: [],
} satisfies Area
