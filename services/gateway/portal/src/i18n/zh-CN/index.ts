import type { JsonObject } from '../pack'
import { packed } from '../pack'

export default packed(import.meta.glob<JsonObject>('./*.json', { eager: true, import: 'default' }))
