import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../src/config.js';
import { lint } from '../src/lint.js';
import type { Report } from '../src/report/report.js';

const ORDER = `
export abstract class AggregateRoot { protected readonly version: number = 0; }
export class Order extends AggregateRoot {
  private lines: string[] = [];
  getLines(): string[] { return this.lines; }
}
export interface OrderRepository { findById(id: string): Promise<Order | null>; save(order: Order): Promise<void>; }
`;

/** A codebase as nobody would write it, and as some have it all the same. */
describe('odd files', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'aggro-odd-'));
  let report: Report;

  beforeAll(async () => {
    const write = (file: string, text: string | Buffer): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    };
    write('src/order.ts', `\uFEFF${ORDER.replaceAll('\n', '\r\n')}`);
    write('src/empty.ts', '');
    write('src/broken.ts', 'export class Broken {\n  private items: string[] = [;\n}\nexport class AfterAll {}\n');
    write('src/utf16.ts', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('export const wide = 1;', 'utf16le')]));
    write('src/größe/夕.ts', 'export const größe = 1;');
    write('src/module.mts', 'export const a = 1;');
    write('src/common.cts', 'export const a = 1;');
    write('src/view.tsx', 'export const View = () => <p>{1}</p>;');
    write('src/huge.ts', `export const table = [\n${'  "0123456789012345678901234567890123456789",\n'.repeat(110_000)}];\n`);
    mkdirSync(path.join(root, 'src/directory.ts'), { recursive: true });
    write('src/directory.ts/inside.ts', 'export const inside = 1;');
    symlinkSync(root, path.join(root, 'src/loop'));
    symlinkSync(path.join(root, 'nowhere.ts'), path.join(root, 'src/dangling.ts'));
    report = await lint({ cwd: root, paths: [], config: DEFAULT_CONFIG });
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('are read, and what can be understood is linted', () => {
    expect(report.model.aggregates.map((a) => a.name)).toEqual(['Order']);
    expect(report.violations.map((v) => [v.symbol, v.at.file, v.at.line])).toEqual([['Order.getLines', 'src/order.ts', 5]]);
  });

  it('that do not parse are named, with the place', () => {
    expect(report.notices.filter((n) => n.includes('does not parse'))).toEqual([
      expect.stringMatching(/^src\/broken\.ts:2:\d+ does not parse/),
    ]);
  });

  it('count once each, a link loop and a directory named like a file not at all', () => {
    expect(report.files).toBe(10);
  });
});
