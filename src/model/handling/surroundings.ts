import type { Entered } from '../handlers.js';
import type { Env } from '../infer.js';
import { callbackEnv } from '../invariants/paths.js';
import { insideOf } from '../invariants/refusals.js';

/** The environment of a handler's function, the same for all who ask. */
export function envOf({ fn, around }: Entered): Env {
  return around.parent ? callbackEnv(fn, around.parent, () => around.parameterTypes ?? []) : insideOf({ fn, context: around.context });
}
