// Values for any schema, the same here and in ExecutionWorld.cs: each follows from the fields above it, their arguments, and nothing else.
// Some fields fail, some are null, even where their type is non-null, and some leaves have the wrong type.
import { GraphQLError, getNamedType, isAbstractType, isEnumType, isListType, isNonNullType, isObjectType } from 'graphql';

function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function shown(value) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Math.abs(value) < 1e12 ? String(Math.floor(value * 16) + 0) : 'big';
  if (Array.isArray(value)) return `[${value.map(shown).join(',')}]`;
  if (typeof value === 'object') return `{${Object.keys(value).sort().map((key) => `${key}:${shown(value[key])}`).join(',')}}`;
  return `"${value}"`;
}

export const behaviour = (schema) => ({
  rootValue: { key: 'root' },
  fieldResolver: (parent, args, _context, info) => {
    const seed = hash(`${parent.key}/${info.fieldName}${shown(args)}`);
    if (seed % 29 === 0) throw new GraphQLError('Told to fail.');
    return value(schema, info.returnType, seed);
  },
  typeResolver: (object) => object.type,
});

function value(schema, type, seed) {
  if (isNonNullType(type)) return (seed >>> 8) % 50 === 0 ? null : present(schema, type.ofType, seed);
  return (seed >>> 8) % 7 === 0 ? null : present(schema, type, seed);
}

function present(schema, type, seed) {
  if (isListType(type)) return Array.from({ length: (seed >>> 4) % 4 }, (_, i) => value(schema, type.ofType, hash(`${seed}:${i}`)));
  if (isObjectType(type)) return { key: String(seed), type: type.name };
  if (isAbstractType(type)) {
    const possible = schema.getPossibleTypes(type).map((one) => one.name).sort();
    return { key: String(seed), type: possible[seed % possible.length] };
  }
  const isBad = (seed >>> 16) % 41 === 0;
  if (isEnumType(type)) return isBad ? 'NO_SUCH_VALUE' : type.getValues()[seed % type.getValues().length].name;
  switch (getNamedType(type).name) {
    case 'Int': return isBad ? 'no number' : seed % 1000;
    case 'Float': return isBad ? 'no number' : (seed % 1000) / 4;
    case 'Boolean': return isBad ? 'neither' : seed % 2 === 0;
    default: return `text ${seed}`;
  }
}
