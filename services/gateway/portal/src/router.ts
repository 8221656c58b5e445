/** Every page has an address; the areas bring their own routes and menu entries. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

import { resume, session } from '@/api/session'

import { areas } from './areas'

const ENTRY: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./shell/SignIn.vue'), meta: { isOpen: true } },
  { path: '/activate', name: 'activate', component: () => import('./shell/ActivatePage.vue'), meta: { isOpen: true } },
]

export const router = createRouter({
  history: createWebHistory('/portal/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    ...ENTRY,
    {
      path: '/',
      component: () => import('./shell/ShellLayout.vue'),
      children: [
        ...areas.flatMap((area) => area.routes),
        { path: ':missing(.*)*', name: 'missing', component: () => import('./shell/MissingPage.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  if (session.value === null && (await resume()) === null && !to.meta.isOpen)
    return { name: 'sign-in', query: { next: to.fullPath } }
  return true
})
