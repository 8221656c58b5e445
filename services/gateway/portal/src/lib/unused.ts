/**
 * In place of two libraries that Element Plus brings along and the portal does not use (see
 * vite.config.ts): no form states rules of its own, as the platform says what is wrong, and no
 * button a colour of its own.
 */
export default class Unused {
  constructor() {
    throw new Error('the portal is built without this library')
  }
}
export { Unused as TinyColor }
