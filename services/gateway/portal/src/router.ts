/** Every page has an address; the areas bring their own routes and menu entries. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

import { isApplicant, resume, session } from '@/api/session'
import { speakOfAll } from '@/i18n'

import { areas } from './areas'

const ENTRY: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./shell/SignIn.vue'), meta: { isOpen: true, isEntry: true } },
  { path: '/join', name: 'join', component: () => import('./pages/joining/JoinPage.vue'), meta: { isOpen: true } },
  { path: '/activate', name: 'activate', component: () => import('./shell/ActivatePage.vue'), meta: { isOpen: true, isEntry: true } },
]

const FOR_APPLICANTS = new Set(['/membership', '/account'])

const HEAD_PX = 64 // what the shell keeps at the top of the window

export const router = createRouter({
  history: createWebHistory('/portal/'),
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    if (to.hash) return { el: to.hash, top: HEAD_PX }
    // A filter or a tab leaves the reader where they are; the next step of a form begins at its top.
    return to.path === from.path && to.query.step === from.query.step ? false : { top: 0 }
  },
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
  const words = speakOfAll() // while it is asked who is there
  words.catch(() => undefined) // told to whoever waits for them
  if (session.value === null && (await resume()) === null && !to.meta.isOpen)
    return { name: 'sign-in', query: { next: to.fullPath } }
  // Whatever else they ask for is not theirs to see yet.
  if (isApplicant.value && !to.meta.isOpen && !FOR_APPLICANTS.has(to.path)) return { name: 'membership' }
  if (!to.meta.isEntry) await words
  return true
})
