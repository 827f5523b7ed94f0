import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';
import { keyOf } from './symbols.js';

/** `{ customer }` of something whose `customer` is an identity now. */
export function bound(element: tsTypes.BindingElement, renamed: string, following: Following): void {
  const { name, propertyName, initializer } = element;
  if (initializer) following.source(initializer);
  if (!ts.isIdentifier(name)) {
    if (propertyName) following.rename(propertyName, renamed);
    unpacked(name, following);
    return;
  }
  following.local(name);
  const held = following.slots.get(keyOf(name)) ?? name.text;
  if (propertyName) following.rename(propertyName, renamed);
  following.rename(name, propertyName || held === renamed ? held : `${renamed}: ${held}`);
}

/** `{ id }` of the object itself is the identity: `id`. */
export function unpacked(pattern: tsTypes.BindingPattern, following: Following): void {
  const { target } = following;
  if (ts.isArrayBindingPattern(pattern) || pattern.elements.length === 0) {
    following.stop({ what: 'whole', at: pattern });
    return;
  }
  const [only] = pattern.elements;
  for (const element of pattern.elements) {
    const asked = (element.propertyName ?? element.name).getText();
    if (element.dotDotDotToken || element.initializer) following.stop({ what: 'whole', at: element });
    else if (asked !== target.accessor.name || target.accessor.call) following.stop({ what: 'read', name: asked, at: element });
  }
  if (only) following.edit(pattern, pattern.getStart(), pattern.end, only.name.getText());
}
