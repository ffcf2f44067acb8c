// PostGraphile 5 at its best: operation plans are cached, statements are prepared, reads need no transaction. It derives the schema from the tables;
// the queries alias its names to the product's.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'
import { listen, pool } from './database.js'

// PostGraphile 5 asks for Node 22. Node 20 lacks only this function of what it uses.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((yes, no) => { resolve = yes; reject = no })
  return { promise, resolve, reject }
}

// Only the market's tables: names of other tables and functions may clash, and are not part of the comparison.
const market = ['farms', 'nodes', 'slice_combinations']
const keep = (all, isKept) => all.splice(0, Infinity, ...all.filter(isKept))
const marketOnly = {
  name: 'MarketOnlyPlugin',
  version: '1.0.0',
  gather: {
    hooks: {
      pgIntrospection_introspection (_, { introspection }) {
        const { classes, constraints, procs } = introspection
        keep(classes, one => market.includes(one.relname) || one.relkind === 'i')
        keep(constraints, one => one.contype !== 'f' || classes.some(table => table._id === one.confrelid))
        keep(procs, () => false)
      }
    }
  }
}

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  plugins: [marketOnly, jsonPgSmartTags({
    version: 1,
    config: { class: { nodes: { tags: { name: 'grid_nodes' } } } } // Node is the name of Relay's interface.
  })],
  disablePlugins: ['PgIndexBehaviorsPlugin'], // It would remove the filter by quantity available, which has no index.
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  schema: { defaultBehavior: '+connection +list' },
  grafast: { explain: false },
  grafserv: { graphqlPath: '/graphql', graphiql: false, websockets: false, watch: false }
})

const server = createServer()
await instance.createServ(grafserv).addTo(server)
await instance.getSchema()
listen(server)
