// One pool per server, as large as the product's pool for lists. The bench sets PostgreSQL's own environment variables for the database and the
// session, so all sides have the same settings.
import pg from 'pg'

export const pool = new pg.Pool({ max: 50 })

export function listen (server, args = process.argv.slice(2)) {
  const { hostname, port, origin } = new URL(args[args.indexOf('--urls') + 1])
  server.listen(Number(port), hostname, () => console.log(`Now listening on ${origin}`))
}
