import type { Decorator, Expression, Range } from '../../facts/facts.js';
import type { Invariant } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import { moduleOfDecorator } from '../drafts.js';
import { type ProgramFile, spanOf } from '../program.js';
import { schemaOf, stateOf } from '../state.js';
import { expressionText } from '../text.js';
import type { Lens } from './footprint.js';

type Found = Omit<Invariant, 'aggregate'>;

/** Validation written on the state itself: decorators of a validator, a schema. */
export function declaredOn(draft: Draft, lens: Lens): Found[] {
  const { declaration } = draft.symbol;
  if (declaration.kind === 'class')
    return stateOf(draft.symbol).flatMap((field) => {
      const slot = lens.territory.slotOf(draft, field.name);
      return slot
        ? field.decorators.filter((d) => restricts(d, draft)).map((d) => on(draft, field.name, decoratorText(d), field.file, d.at))
        : [];
    });
  const schema = declaration.kind === 'alias' ? schemaOf(draft.symbol) : declaration.kind === 'variable' ? draft.symbol : undefined;
  if (schema?.declaration.kind !== 'variable' || !schema.declaration.init) return [];
  return entriesOf(schema.declaration.init).flatMap(({ name, value }) => {
    const checks = checksIn(value);
    return lens.territory.slotOf(draft, name) && checks.length > 0 ? [on(draft, name, checks.join('.'), schema.file, value.at)] : [];
  });
}

function on(draft: Draft, name: string, text: string, file: ProgramFile, at: Range): Found {
  const symbol = `${draft.name}.${name}`;
  return {
    kind: 'declared',
    owner: draft.id,
    in: symbol,
    at: spanOf(file.facts, at),
    text: `${name}: ${text}`,
    reads: [symbol],
    writes: [symbol],
    parameters: [],
    through: [],
  };
}

/** What only says which type a value has, or how it is read, restricts nothing. */
const DESCRIBING =
  /^(?:IsOptional|Allow|ValidateNested|Type|Transform|Expose|Exclude|IsString|IsNumber|IsBoolean|IsDate|IsObject|IsArray|ValidateIf|IsInstance)$/;

function restricts(decorator: Decorator, draft: Draft): boolean {
  const name = decorator.name.split('.').at(-1) ?? decorator.name;
  if (DESCRIBING.test(name)) return false;
  const module = moduleOfDecorator(draft.symbol, decorator.name);
  return (
    module !== undefined && /^(?:class-validator|@nestjs\/class-validator|class-validator-.*|ts-validator|@marcj\/marshal)$/.test(module)
  );
}

function decoratorText(decorator: Decorator): string {
  return `@${decorator.name}${decorator.args && decorator.args.length > 0 ? `(${decorator.args.map((a) => expressionText(a)).join(', ')})` : ''}`;
}

function entriesOf(schema: Expression): { readonly name: string; readonly value: Expression }[] {
  if (schema.e !== 'call') return [];
  const shape = schema.args.find((a) => a.e === 'object');
  if (shape?.e === 'object') return shape.entries.flatMap((e) => (e.o === 'property' ? [{ name: e.name, value: e.value }] : []));
  return schema.callee.e === 'member' ? entriesOf(schema.callee.of) : schema.args.flatMap(entriesOf);
}

const CHECKS =
  /^(?:min|max|length|nonempty|nonEmpty|email|url|regex|matches|pattern|positive|negative|nonnegative|nonpositive|int|gt|gte|lt|lte|multipleOf|refine|superRefine|refinement|withConstraint|check|between|minLength|maxLength|minItems|maxItems|greaterThan|lessThan|filter|brand)$/;

/** `min(1)`, `email()`: the checks in a chain. */
function checksIn(e: Expression): string[] {
  if (e.e !== 'call') return [];
  const name = e.callee.e === 'member' || e.callee.e === 'name' ? e.callee.name : '';
  const before = e.callee.e === 'member' ? checksIn(e.callee.of) : [];
  const within = e.args.flatMap((a) => (a.e === 'call' ? checksIn(a) : []));
  const own = CHECKS.test(name) && name !== 'brand' ? [`${name}(${e.args.map((a) => expressionText(a)).join(', ')})`] : [];
  return [...before, ...within, ...own];
}
