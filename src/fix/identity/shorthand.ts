import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';
import { declaredAt, keyOf, namesOf } from './symbols.js';

/** `{ customer }`: `{ customerId }` where the variable follows, else `{ customerId: customer.id }`. */
export function shorthand(entry: tsTypes.ShorthandPropertyAssignment, following: Following): void {
  following.last(entry, () => {
    const checker = following.checker(entry);
    const slotOf = (declarations: readonly tsTypes.Node[]): string | undefined =>
      declarations.map((d) => following.slots.get(keyOf(d))).find((name) => name !== undefined);
    const property = slotOf(propertyOf(entry, following)) ?? entry.name.text;
    const value = slotOf(declaredAt(entry.name, checker));
    const start = entry.name.getStart();
    if (value !== undefined) following.edit(entry, start, entry.name.end, value === property ? value : `${property}: ${value}`);
    else following.edit(entry, start, start, `${property}: `);
  });
}

/** What the entry is an entry of: the type that the literal is written for, else the literal itself. */
export function propertyOf(entry: tsTypes.ObjectLiteralElementLike, following: Following): readonly tsTypes.Node[] {
  const { name, parent } = entry;
  if (!name || !ts.isObjectLiteralExpression(parent)) return [];
  const checker = following.checker(entry);
  const wanted = checker.getContextualType(parent);
  const property = wanted && checker.getPropertyOfType(checker.getNonNullableType(wanted), name.getText());
  return property ? namesOf(property, checker) : [name];
}
