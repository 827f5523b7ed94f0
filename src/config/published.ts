import type { Rule } from '../rule.js';
import { userConfigSchema } from './schema.js';

/** `config.schema.json`: what the run checks a configuration against, and the ids and options of these rules for completion. */
export async function configSchema(rules: readonly Rule[]): Promise<Readonly<Record<string, unknown>>> {
  const { z } = await import('zod');
  const settings = {
    io: 'input',
    target: 'draft-7',
    // Readonly is said of the type; an editor would take it for a property that must not be written.
    override: ({ jsonSchema }: { jsonSchema: { readOnly?: boolean | undefined } }) => {
      delete jsonSchema.readOnly;
    },
  } as const;
  const { properties, $schema, ...rest } = z.toJSONSchema(userConfigSchema(z), settings);
  const anyRule = z.toJSONSchema(userConfigSchema(z).shape.rules.unwrap(), settings).additionalProperties;
  const known = Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)]));
  return {
    $schema,
    title: 'aggro configuration',
    ...rest,
    properties: withRules(properties ?? {}),
    definitions: { rules: { type: 'object', properties: known, additionalProperties: anyRule } },
  };
}

const RULES = { $ref: '#/definitions/rules' };

function withRules(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { rules: _, overrides, ...others } = structuredClone(properties);
  const list = overrides as { items: { properties: Record<string, unknown> } };
  list.items.properties.rules = RULES;
  return { ...others, rules: RULES, overrides: list };
}

function ruleSchema({ title, options = {} }: Rule): Readonly<Record<string, unknown>> {
  const severity = { enum: ['off', 'info', 'warn', 'error'] };
  const described = Object.entries(options).map(([name, { default: value, description }]) => [
    name,
    { type: typeof value, default: value, description },
  ]);
  const given = { type: 'object', properties: Object.fromEntries(described), additionalProperties: false };
  return { description: title, anyOf: [severity, { type: 'array', items: [severity, given], minItems: 2, maxItems: 2 }] };
}

/** `rule-settings.d.ts` with the ids and options of these rules: what `defineConfig` completes and checks. */
export function ruleSettings(rules: readonly Rule[]): string {
  const lines = rules.flatMap(({ id, title, options = {} }) => {
    const names = Object.entries(options).map(([name, { default: value }]) => `readonly ${name}?: ${typeof value}`);
    const given = names.length > 0 ? `{ ${names.join('; ')} }` : 'Readonly<Record<never, never>>';
    return [`    /** ${title.replaceAll('*/', '*\\/')} */`, `    readonly '${id}'?: RuleSetting<${given}>;`];
  });
  return `export type SeveritySetting = 'off' | 'info' | 'warn' | 'error';
/** A severity, or a severity and the rule's options. */
export type RuleSetting<Options = Readonly<Record<string, unknown>>> = SeveritySetting | readonly [SeveritySetting, Options];
/** Severity and options by rule id; any other id may be a rule of your own. */
export interface RuleSettings {
${lines.join('\n')}
    readonly [id: string]: RuleSetting | undefined;
}
`;
}
