import { Connection, Tickets } from '@element-plus/icons-vue'

import { actsAs } from '@/api/session'
import type { Area } from '@/areas'

const isSupplier = () => actsAs('supplier')

export default {
  title: 'matches.title',
  order: 21,
  routes: [
    { path: 'matches', name: 'matches', component: () => import('./MatchesPage.vue') },
    { path: 'matches/:id', name: 'match', component: () => import('./MatchPage.vue') },
    { path: 'demands/:id/answer', name: 'answer', component: () => import('./AnswerPage.vue') },
    { path: 'quotes', name: 'quotes', component: () => import('./QuotesPage.vue') },
    { path: 'quotes/new', name: 'quote-new', component: () => import('./NewQuotePage.vue') },
    { path: 'quotes/:id', name: 'quote', component: () => import('./QuotePage.vue') },
  ],
  menu: [
    { label: 'matches.mine', path: '/matches', icon: Connection, isFor: isSupplier },
    { label: 'matches.quotes', path: '/quotes', icon: Tickets, isFor: isSupplier },
  ],
} satisfies Area
