// A world without data: what a field is follows from its parent, its name and its arguments alone, by a hash. World.cs holds the same world.
import { isEnumType, isInputObjectType, isListType, isNonNullType, isScalarType, isAbstractType } from 'graphql';

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

/** Equal texts for equal argument values. */
function canonical(value, type) {
  if (value === undefined) return '';
  if (value === null) return 'null';
  if (isNonNullType(type)) return canonical(value, type.ofType);
  if (isListType(type)) return `[${value.map((item) => canonical(item, type.ofType)).join(',')}]`;
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return `{${Object.keys(value).sort().map((name) => `${name}:${canonical(value[name], fields[name].type)}`).join(',')}}`;
  }
  switch (type.name) {
    case 'Float':
      return `${Math.trunc(value * 8 % 1_000_000) + 0}`;
    case 'Int':
      return `${value + 0}`;
    case 'Blob':
      return 'blob';
    default:
      return String(value);
  }
}

function valueOf(key, type, schema) {
  const number = hash(key);
  if (isNonNullType(type)) return number % 61 === 0 ? null : valueOf(`${key}!`, type.ofType, schema) ?? valueOf(`${key}!!`, type.ofType, schema);
  if (number % 11 === 0) return null;
  if (isListType(type)) return Array.from({ length: number % 4 }, (_, index) => valueOf(`${key}/${index}`, type.ofType, schema));
  if (isEnumType(type)) return type.getValues()[number % type.getValues().length].name;
  if (isScalarType(type)) return leaf(type.name, number);
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => each.name).sort() : [type.name];
  return { typeName: possible[number % possible.length], key: String(number) };
}

function leaf(name, number) {
  switch (name) {
    case 'Int':
      return (number % 1000) - 500;
    case 'Float':
      return (number % 1000) / 8;
    case 'Boolean':
      return number % 2 === 0;
    default:
      return `${name}${number}`;
  }
}

export function resolveField(parent, args, _context, info) {
  const definition = info.parentType.getFields()[info.fieldName];
  const given = definition.args.map((argument) => `${argument.name}=${canonical(args[argument.name], argument.type)}`).sort().join(';');
  const key = `${parent?.key ?? 'root'}.${info.fieldName}(${given})`;
  if (hash(`${key}?`) % 29 === 0) throw new Error('as the world will have it');
  return valueOf(key, info.returnType, info.schema);
}

export const resolveType = (value) => value.typeName;
