/** `base` with further properties, each computed when it is first read and then kept. */
export function lazily<Base extends object, More extends object>(
  base: Base,
  makers: { readonly [Name in keyof More]: () => More[Name] },
): Base & More {
  const descriptors: PropertyDescriptorMap = {};
  for (const [name, make] of Object.entries(makers) as [string, () => unknown][]) {
    descriptors[name] = { enumerable: true, configurable: true, get: onDemand(make) };
  }
  return Object.defineProperties(copyOf(base), descriptors) as Base & More;
}

/** A copy with some properties replaced; a spread would compute the lazy ones. */
export function replaced<Whole extends object>(whole: Whole, by: Partial<Whole>): Whole {
  return Object.defineProperties(copyOf(whole), Object.getOwnPropertyDescriptors(by)) as Whole;
}

function copyOf<Whole extends object>(whole: Whole): object {
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(whole));
}

/** Computes once, when it is first called. */
export function onDemand<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
