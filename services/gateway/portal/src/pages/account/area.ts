import type { Area } from '@/areas'

// It is reached by the person's name in the head, not by the menu.
export default {
  title: 'account.title',
  order: 99,
  routes: [{ path: 'account', name: 'account', component: () => import('./AccountPage.vue') }],
  menu: [],
} satisfies Area
