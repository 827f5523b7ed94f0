import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggroIn, commitAll, contentOf, scratch } from './support/scratch.js';

/** Whoever opens a connection or asks for a name is written down, and fails. */
const NO_WIRE = `
const { appendFileSync } = require('node:fs');
const refuse = (what) => () => {
  appendFileSync(process.env.WIRE_LOG, what + '\\n');
  throw new Error('there is no network');
};
require('node:net').Socket.prototype.connect = refuse('connect');
require('node:dns').lookup = refuse('lookup');
require('node:dgram').createSocket = refuse('dgram');
require('node:http').request = require('node:https').request = refuse('request');
globalThis.fetch = refuse('fetch');
`;

const SHELF =
  '/** @aggregateRoot */\nexport class Shelf {\n  constructor(public id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n';

describe('without a network', () => {
  it('every command does what it does, and none of them looks for one', () => {
    const cwd = scratch({ 'no-wire.cjs': NO_WIRE, 'shelf.ts': SHELF, 'tsconfig.json': '{"compilerOptions":{"strict":true,"types":[]}}' });
    commitAll(cwd);
    const log = join(cwd, 'wire.log');
    const before = { ...process.env };
    process.env.NODE_OPTIONS = `--require ${join(cwd, 'no-wire.cjs')}`;
    process.env.WIRE_LOG = log;
    try {
      expect(aggroIn(cwd).status).toBe(1);
      expect(aggroIn(cwd, '-f', 'sarif').status).toBe(1);
      expect(aggroIn(cwd, '--types', 'full').status).toBe(1);
      expect(aggroIn(cwd, 'doctor').status).toBe(0);
      expect(aggroIn(cwd, 'explain', 'one-repo-per-root').status).toBe(0);
      expect(aggroIn(cwd, 'init', '--yes', '--dry-run').status).toBe(0);
      expect(aggroIn(cwd, '--changed', '--exit-zero').status).toBe(0);
      expect(aggroIn(cwd, '--fix').status).toBe(0);
    } finally {
      process.env = before;
    }
    expect(contentOf(cwd, 'shelf.ts')).toContain('readonly id');
    expect(existsSync(log) ? contentOf(cwd, 'wire.log') : '').toBe('');
  });
});
