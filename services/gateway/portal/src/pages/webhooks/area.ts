import type { Area } from '@/areas'

// Its entry stands among those of the organisation, beside the keys.
export default {
  title: 'webhooks.title',
  order: 91,
  routes: [
    { path: 'webhooks', name: 'webhooks', component: () => import('./WebhooksPage.vue') },
    { path: 'webhooks/new', name: 'new-webhook', component: () => import('./NewWebhookPage.vue') },
    { path: 'webhooks/:id', name: 'webhook', component: () => import('./WebhookPage.vue') },
  ],
  menu: [],
} satisfies Area
