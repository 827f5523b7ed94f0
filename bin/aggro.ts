#!/usr/bin/env node
import { outlivePipes } from './channels.js';
import { exitCodeFor } from './failure.js';
import { buildProgram } from './program.js';

outlivePipes();
try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error, { stack: process.argv.includes('--stack') });
}
