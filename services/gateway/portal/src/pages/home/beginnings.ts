/** Where people of each capacity begin what only they begin. */
export const beginnings = [
  { name: 'publish', capacity: 'buyer', path: '/demands/new' },
  { name: 'confirm', capacity: 'buyer', path: '/confirmations' },
  { name: 'offer', capacity: 'supplier', path: '/supplies/new' },
  { name: 'hall', capacity: 'supplier', path: '/hall' },
  { name: 'finance', capacity: 'supplier', path: '/financing/new' },
  { name: 'queue', capacity: 'bank', path: '/queue' },
  { name: 'portfolio', capacity: 'bank', path: '/portfolio' },
  { name: 'products', capacity: 'bank', path: '/products' },
  { name: 'limits', capacity: 'bank', path: '/limits' },
  { name: 'register', capacity: 'operator', path: '/parties/new' },
  { name: 'board', capacity: 'operator', path: '/board' },
] as const
