// The statements of the Mercurius server, prepared once on each connection, of the same shape as the product's.
import pg from 'pg'
import { pool } from './database.js'

pg.types.setTypeParser(pg.types.builtins.INT8, Number) // Ids and bytes stay below 2^53.

const farm = 'id, name, certification, free_public_ip_count AS "freePublicIpCount"'
const node = `id, farm_id AS "farmId", status, certification, country, country_code AS "countryCode", city, latitude, longitude,
  total_cores AS "totalCores", total_memory_bytes AS "totalMemoryBytes", uptime_percent AS "uptimePercent"`
const combination = `id, node_id AS "nodeId", farm_id AS "farmId", multiplier, cores, memory_bytes AS "memoryBytes", ssd_bytes AS "ssdBytes",
  quantity_available AS "quantityAvailable", price_per_hour AS "pricePerHour", price_per_month AS "pricePerMonth", country, country_code AS "countryCode", city`

const filters = {
  region: { eq: 'region =' },
  multiplier: { eq: 'multiplier =', gte: 'multiplier >=' },
  quantityAvailable: { eq: 'quantity_available =', gte: 'quantity_available >=' }
}

export function searchCombinations (first, where = {}, order = []) {
  const values = []
  const conditions = []
  for (const [field, operations] of Object.entries(where)) {
    for (const [operation, value] of Object.entries(operations)) conditions.push(`${filters[field][operation]} $${values.push(value)}`)
  }
  const direction = order[0]?.pricePerHour
  return query(`SELECT ${combination} FROM slice_combinations${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}
    ORDER BY ${direction ? `price_per_hour ${direction}, ` : ''}id LIMIT ${first}`, values)
}

export const nodeById = async id => (await query(`SELECT ${node} FROM nodes WHERE id = $1`, [id]))[0]

export const listFarms = first => query(`SELECT ${farm} FROM farms ORDER BY id LIMIT ${first}`, [])

export const nodesById = ids => oneOrMany(node, 'nodes', 'id', ids)

export const farmsById = ids => oneOrMany(farm, 'farms', 'id', ids)

export const combinationsOf = ids => oneOrMany(combination, 'slice_combinations', 'node_id', ids, ' ORDER BY node_id, id')

export const farmNodes = (ids, first) => query(`SELECT list.* FROM unnest($1::bigint[]) AS keys (key)
  CROSS JOIN LATERAL (SELECT ${node} FROM nodes WHERE farm_id = keys.key ORDER BY id LIMIT $2) AS list`, [ids, first])

// PostgreSQL plans an array as ten keys, so one key gets a statement of its own.
const oneOrMany = (columns, table, key, ids, order = '') => ids.length === 1
  ? query(`SELECT ${columns} FROM ${table} WHERE ${key} = $1${order}`, [ids[0]])
  : query(`SELECT ${columns} FROM ${table} WHERE ${key} = ANY ($1)${order}`, [ids])

// The driver prepares statements that have a name. Names have at most 63 bytes, so they are numbers.
const names = new Map()

async function query (text, values) {
  let name = names.get(text)
  if (name === undefined) names.set(text, name = `s${names.size}`)
  return (await pool.query({ name, text, values })).rows
}
