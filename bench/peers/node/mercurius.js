// Mercurius at its best: documents compiled to functions after their first use, its own batch loaders, prepared statements that read the schema's columns.
// The schema has the product's names for what q1 to q3 select, so the requests are the same.
import Fastify from 'fastify'
import { GraphQLScalarType } from 'graphql'
import mercurius from 'mercurius'
import { listen } from './database.js'
import { combinationsOf, farmNodes, farmsById, listFarms, nodeById, nodesById, searchCombinations } from './market.js'

const schema = `
  scalar Long
  scalar UsdAmount
  enum NodeStatus { UP DOWN STANDBY }
  enum NodeCertification { DIY CERTIFIED }
  enum FarmCertification { NOT_CERTIFIED SILVER GOLD }
  enum SortEnumType { ASC DESC }
  enum Region { AFRICA AMERICAS ANTARCTIC ASIA EUROPE OCEANIA }
  input RegionOperationFilterInput { eq: Region }
  input IntOperationFilterInput { eq: Int gte: Int }
  input SliceCombinationFilterInput { region: RegionOperationFilterInput multiplier: IntOperationFilterInput quantityAvailable: IntOperationFilterInput }
  input SliceCombinationSortInput { pricePerHour: SortEnumType }
  type Query {
    sliceCombinations(first: Int!, where: SliceCombinationFilterInput, order: [SliceCombinationSortInput!]): SliceCombinationsConnection!
    gridNode(gridId: Long!): GridNode
    farms(first: Int!): FarmsConnection!
  }
  type SliceCombinationsConnection { nodes: [SliceCombination!]! }
  type FarmsConnection { nodes: [Farm!]! }
  type GridNodesConnection { nodes: [GridNode!]! }
  type SliceCombination {
    id: ID! multiplier: Int! cores: Int! memoryBytes: Long! ssdBytes: Long! quantityAvailable: Int! pricePerHour: UsdAmount! pricePerMonth: UsdAmount!
    country: String countryCode: String city: String gridNode: GridNode! farm: Farm!
  }
  type GridNode {
    gridId: Long! status: NodeStatus! certification: NodeCertification! country: String countryCode: String city: String latitude: Float longitude: Float
    totalCores: Int! totalMemoryBytes: Long! uptimePercent: Float farm: Farm! sliceCombinations: [SliceCombination!]!
  }
  type Farm { name: String! certification: FarmCertification! freePublicIpCount: Int! gridNodes(first: Int!): GridNodesConnection! }
`

const enumName = value => value === 'NotCertified' ? 'NOT_CERTIFIED' : value.toUpperCase()

const resolvers = {
  Region: { AFRICA: 'Africa', AMERICAS: 'Americas', ANTARCTIC: 'Antarctic', ASIA: 'Asia', EUROPE: 'Europe', OCEANIA: 'Oceania' },
  Long: new GraphQLScalarType({ name: 'Long', serialize: Number, parseValue: Number, parseLiteral: node => Number(node.value) }),
  UsdAmount: new GraphQLScalarType({ name: 'UsdAmount', serialize: microUsd => (microUsd / 1e6).toFixed(6) }),
  Query: {
    sliceCombinations: async (_, { first, where, order }) => ({ nodes: await searchCombinations(first, where, order) }),
    gridNode: (_, { gridId }) => nodeById(gridId),
    farms: async (_, { first }) => ({ nodes: await listFarms(first) })
  },
  SliceCombination: { id: combination => Buffer.from(`SliceCombination:${combination.id}`).toString('base64') },
  GridNode: { gridId: node => node.id, status: node => enumName(node.status), certification: node => enumName(node.certification) },
  Farm: { certification: farm => enumName(farm.certification) }
}

// Each is called once for all rows of a level. Mercurius' cache for loaders is off: it would serialise each key, and no key repeats.
const batch = load => ({ loader: load, opts: { cache: false } })

const loaders = {
  SliceCombination: {
    gridNode: batch(async queries => pick(await nodesById(keys(queries, 'nodeId')), queries, 'nodeId')),
    farm: batch(async queries => pick(await farmsById(keys(queries, 'farmId')), queries, 'farmId'))
  },
  GridNode: {
    farm: batch(async queries => pick(await farmsById(keys(queries, 'farmId')), queries, 'farmId')),
    sliceCombinations: batch(async queries => group(await combinationsOf(keys(queries, 'id')), queries, 'nodeId'))
  },
  Farm: {
    gridNodes: batch(async queries => group(await farmNodes(keys(queries, 'id'), queries[0].params.first), queries, 'farmId').map(nodes => ({ nodes })))
  }
}

const keys = (queries, name) => [...new Set(queries.map(query => query.obj[name]))]

function pick (rows, queries, name) {
  const byId = new Map(rows.map(row => [row.id, row]))
  return queries.map(query => byId.get(query.obj[name]))
}

function group (rows, queries, name) {
  const lists = new Map(queries.map(query => [query.obj.id, []]))
  for (const row of rows) lists.get(row[name]).push(row)
  return queries.map(query => lists.get(query.obj.id))
}

const app = Fastify()
app.register(mercurius, { schema, resolvers, loaders, jit: 1 })
await app.ready()
listen(app.server)
