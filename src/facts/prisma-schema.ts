import { createRequire } from 'node:module';
import type { PrismaField, PrismaModel, PrismaSchema, Range } from './facts.js';
import { lineStarts } from './lines.js';

type Ast = typeof import('@mrleebo/prisma-ast');
type Schema = ReturnType<Ast['getSchema']>;
type Model = Extract<Schema['list'][number], { type: 'model' }>;
type Property = Model['properties'][number];
type Field = Extract<Property, { type: 'field' }>;
interface Attribute {
  readonly name: string;
  readonly args?: readonly { readonly value: unknown }[];
}

const require = createRequire(import.meta.url);
let parse: ((text: string) => Schema) | undefined;

/** What a `schema.prisma` says; no models where it does not parse. The parser is loaded for the first. */
export function extractPrisma(file: string, text: string): PrismaSchema {
  return { file, lines: lineStarts(text), models: modelsOf(text) };
}

function modelsOf(text: string): readonly PrismaModel[] {
  try {
    parse ??= parser();
    return parse(text).list.flatMap((block) => (block.type === 'model' ? [model(block)] : []));
  } catch {
    return [];
  }
}

function parser(): (text: string) => Schema {
  const { PrismaParser, VisitorClassFactory, getSchema } = require('@mrleebo/prisma-ast') as Ast;
  const located = new PrismaParser({ nodeLocationTracking: 'full' });
  const Visitor = VisitorClassFactory(located);
  return (text) => getSchema(text, { parser: located, visitor: new Visitor() });
}

function model(block: Model): PrismaModel {
  const attributes = block.properties.filter((p): p is Extract<Property, { type: 'attribute' }> => p.type === 'attribute');
  const keys = listed(attributes.find((a) => a.name === 'id'));
  const table = text(attributes.find((a) => a.name === 'map'));
  const schema = text(attributes.find((a) => a.name === 'schema'));
  return {
    name: block.name,
    ...(table === undefined ? {} : { table }),
    ...(schema === undefined ? {} : { schema }),
    at: lastWord(block, block.name),
    fields: block.properties.flatMap((p) => (p.type === 'field' ? [field(p, keys)] : [])),
  };
}

function field(property: Field, keys: readonly string[]): PrismaField {
  const attributes: readonly Attribute[] = property.attributes ?? [];
  const column = text(attributes.find((a) => a.name === 'map'));
  const relation = attributes.find((a) => a.name === 'relation');
  return {
    name: property.name,
    ...(column === undefined ? {} : { column }),
    type: typeof property.fieldType === 'string' ? property.fieldType : property.fieldType.name,
    list: property.array === true,
    key: keys.includes(property.name) || attributes.some((a) => a.name === 'id'),
    touched: attributes.some((a) => a.name === 'updatedAt'),
    cascades: relation?.args?.some(({ value }) => keyed(value)?.key === 'onDelete' && keyed(value)?.value === 'Cascade') === true,
    at: firstWord(property, property.name),
  };
}

/** The first string argument, `@map("orders")` or `@map(name: "orders")`. */
function text(attribute: Attribute | undefined): string | undefined {
  const [first] = attribute?.args ?? [];
  const value = keyed(first?.value)?.value ?? first?.value;
  return typeof value === 'string' ? value.replace(/^"|"$/g, '') : undefined;
}

function listed(attribute: Attribute | undefined): readonly string[] {
  const [first] = attribute?.args ?? [];
  const value = keyed(first?.value)?.value ?? first?.value;
  const args = typeof value === 'object' && value !== null && 'args' in value ? value.args : undefined;
  return Array.isArray(args) ? args.filter((each): each is string => typeof each === 'string') : [];
}

function keyed(value: unknown): { readonly key: string; readonly value: unknown } | undefined {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value && typeof value.key === 'string'
    ? { key: value.key, value: value.value }
    : undefined;
}

interface Located {
  readonly location?: { readonly startOffset: number; readonly endOffset?: number };
}

/** The parser locates `model Order`: the name is the last word of it. */
function lastWord({ location }: Located, word: string): Range {
  const end = (location?.endOffset ?? word.length - 1) + 1;
  return [end - word.length, end];
}

function firstWord({ location }: Located, word: string): Range {
  const start = location?.startOffset ?? 0;
  return [start, start + word.length];
}
