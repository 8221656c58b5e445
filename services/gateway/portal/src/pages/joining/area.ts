import { OfficeBuilding } from '@element-plus/icons-vue'

import { isApplicant } from '@/api/session'
import type { Area } from '@/areas'

export default {
  title: 'joining.area',
  order: 1,
  routes: [{ path: 'membership', name: 'membership', component: () => import('./MembershipPage.vue') }],
  menu: [{ label: 'joining.mine', path: '/membership', icon: OfficeBuilding, isFor: () => isApplicant.value }],
} satisfies Area
