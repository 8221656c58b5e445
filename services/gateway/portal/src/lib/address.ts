/** What a page is narrowed to stands in its address: it can be shared, kept and gone back to. */
import { useRoute, useRouter } from 'vue-router'

export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  /** What the address says by this name, or nothing. */
  function at(name: string): string {
    const said = route.query[name]
    return typeof said === 'string' ? said : ''
  }
  /** Say it there; what is empty goes. */
  function put(changes: Record<string, string>): void {
    const said = Object.entries(changes).map(([name, value]) => [name, value || undefined])
    void router.replace({ query: { ...route.query, ...Object.fromEntries(said) } })
  }
  /** What the address says by these names, without what it does not say. */
  function all<N extends string>(names: readonly N[]): Partial<Record<N, string>> {
    const said = names.map((name) => [name, at(name)]).filter(([, value]) => value)
    return Object.fromEntries(said) as Partial<Record<N, string>>
  }
  return { at, put, all }
}
