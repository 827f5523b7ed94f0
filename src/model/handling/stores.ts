import { implementationsOf } from '../actors.js';
import type { Drafts } from '../drafts.js';
import { typeOf } from '../infer.js';
import type { Declared } from '../program.js';
import { withoutNull } from '../types.js';
import type { RawWrite } from '../write-flow.js';

/** What kind of store a write goes to, where the code that implements it shows one and no other. */
export function storeOf({ source }: RawWrite, drafts: Drafts): string | undefined {
  if (source?.call.callee.e !== 'member') return undefined;
  const receiver = withoutNull(typeOf(source.call.callee.of, source.env));
  if (receiver.k !== 'named') return undefined;
  const behind = implementationsOf(receiver.symbol, drafts).map((d) => d.symbol);
  const kinds = new Set((behind.length > 0 ? behind : [receiver.symbol]).flatMap(kindsOf));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

const STORES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:typeorm|@nestjs\/typeorm|@mikro-orm\/.*|mikro-orm|@prisma\/.*|drizzle-orm.*|kysely|knex|sequelize.*|pg|postgres|mysql2?|better-sqlite3|sqlite3?|slonik|objection)$/,
    'sql',
  ],
  [/^(?:mongoose|@nestjs\/mongoose|mongodb|@typegoose\/.*)$/, 'documents'],
  [/^(?:redis|ioredis|@redis\/.*|@nestjs\/cache-manager|cache-manager|memcached)$/, 'cache'],
  [/^(?:@elastic\/.*|@nestjs\/elasticsearch|@opensearch-project\/.*|algoliasearch|meilisearch|typesense)$/, 'search'],
  [/^(?:@aws-sdk\/(?:client|lib)-dynamodb|dynamoose|@typedorm\/.*)$/, 'dynamo'],
];

function kindsOf({ file }: Declared): string[] {
  return file.facts.imports.flatMap((i) => STORES.flatMap(([module, kind]) => (module.test(i.from) ? [kind] : [])));
}
