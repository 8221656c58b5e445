/** What the build makes of the words of a language; see `texts` in vite.config.ts. */
declare module 'texts:*' {
  const words: Record<string, unknown>
  export default words
}
