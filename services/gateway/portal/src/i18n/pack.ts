/** One file per area of the portal; its name is the first part of its keys. */
export interface JsonObject {
  [name: string]: string | JsonObject
}

export function packed(files: Record<string, JsonObject>): JsonObject {
  const areas = Object.entries(files).map(([path, words]) => [path.replace(/^\.\/|\.json$/g, ''), words])
  return Object.fromEntries(areas) as JsonObject
}
