import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { baseCompile } from '@intlify/message-compiler'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const ENTRY = new Set(['common.json', 'shell.json'])

/**
 * `texts:<language>/entry` and `/areas`: the words of its files, each under its file's name. What is
 * to be filled in is compiled here, so that no browser has to load a compiler.
 */
function texts(): Plugin {
  type Words = string | { [name: string]: Words }
  const refuse = (error: Error) => {
    throw error // else it is compiled into half of what was meant
  }
  const written = (words: Words): string => {
    if (typeof words !== 'string')
      return `{${Object.entries(words).map(([name, below]) => `${JSON.stringify(name)}:${written(below)}`)}}`
    return /[{|@]/.test(words) ? baseCompile(words, { mode: 'arrow', onError: refuse }).code : JSON.stringify(words)
  }
  return {
    name: 'texts',
    resolveId: (id) => (id.startsWith('texts:') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith('\0texts:')) return undefined
      const [language, pack] = id.slice('\0texts:'.length).split('/')
      const folder = at(`./src/i18n/${language}/`)
      const files = readdirSync(folder).sort().filter((name) => ENTRY.has(name) === (pack === 'entry'))
      files.forEach((name) => this.addWatchFile(folder + name))
      const areas = files.map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(folder + name, 'utf8')) as Words])
      return `export default ${written(Object.fromEntries(areas) as Words)}`
    },
  }
}

// The gateway serves what is built under this path, every file also as .br and .gz.
export default defineConfig({
  base: '/portal/',
  resolve: {
    alias: {
      '@': at('./src'),
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs',
      'async-validator': at('./src/lib/unused.ts'),
      '@ctrl/tinycolor': at('./src/lib/unused.ts'),
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  plugins: [
    vue(),
    texts(),
    Components({ resolvers: [ElementPlusResolver()], dts: 'src/components.d.ts', dirs: ['src/parts'] }),
    compression({ algorithms: ['gzip', 'brotliCompress'], threshold: 512 }),
  ],
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Few files compress better than many: what every page needs, what many do, and each area.
        codeSplitting: {
          groups: [
            { name: 'base', tags: ['$initial'], priority: 3 },
            { name: 'entry', test: /\/src\/shell\/(EntryFrame|SignIn|ActivatePage)/, priority: 3 },
            { name: 'parts', test: /\/src\/(parts|lib|api)\/|\/node_modules\//, priority: 2 },
            { name: (id) => /\/src\/pages\/(\w+)\//.exec(id)?.[1] ?? null, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8700' } },
})
