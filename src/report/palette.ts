import { Chalk } from 'chalk';
import type { Paint } from './paint.js';

/** The only place that knows colours. Each style takes one argument: chalk itself would join all that `map` passes. */
export function palette(color: boolean): Paint {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    error: (text) => chalk.red(text),
    warning: (text) => chalk.yellow(text),
    info: (text) => chalk.cyan(text),
    good: (text) => chalk.green(text),
  };
}
