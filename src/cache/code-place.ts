import { Module } from 'node:module';
import path from 'node:path';

let place: string | undefined;
let unsaved: (() => void)[] = [];

/** From now on compiled code is kept there, by Node itself where it can. */
export function keepCodeIn(directory: string): void {
  const node: { enableCompileCache?: (directory: string) => unknown } = Module as never;
  if (node.enableCompileCache) node.enableCompileCache(path.join(directory, 'code'));
  else place = directory;
}

/** Where our own way of keeping it is to; undefined where there is none, or Node does it. */
export function codePlace(): string | undefined {
  return place;
}

/** What was compiled in this run is best kept at its end, functions that were called included. */
export function saveLater(save: () => void): void {
  unsaved.push(save);
}

export function saveCode(): void {
  for (const save of unsaved) save();
  unsaved = [];
}
