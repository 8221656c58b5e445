import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import 'element-plus/es/components/message/style/css'
import { createApp, watch } from 'vue'

import './styles.css'
import App from './App.vue'
import { Problem } from './api/problem'
import { session } from './api/session'
import { i18n, preferred, speak } from './i18n'
import { router } from './router'

const STALE_MS = 30_000 // facts renew what is older; this spares a reading at every turn of a page
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // `read` has been patient already; what is refused stays refused.
      retry: false,
      refetchOnWindowFocus: (query) => !(query.state.error instanceof Problem && query.state.error.status < 500),
    },
  },
})

// However a person leaves, nothing of theirs is there for whoever comes next.
watch(
  () => session.value?.user.id,
  (_, before) => before && queries.clear(),
  { flush: 'sync' },
)

await speak(preferred())
createApp(App).use(i18n).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')
