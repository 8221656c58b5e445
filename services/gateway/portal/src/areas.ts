/** What an area of the portal brings: `pages/<area>/area.ts` exports it as default. */
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

export interface MenuEntry {
  /** Key of its words. */
  label: string
  path: string
  icon: Component
  /** Who sees it; judged anew at each sign-in. */
  isFor: () => boolean
}
export interface Area {
  /** Key of the words above its entries. */
  title: string
  /** Its place in the menu. */
  order: number
  routes: RouteRecordRaw[]
  menu: MenuEntry[]
}

const found = import.meta.glob<Area>('./pages/*/area.ts', { eager: true, import: 'default' })
export const areas: Area[] = Object.values(found).sort((one, other) => one.order - other.order)
