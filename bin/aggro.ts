#!/usr/bin/env node
import { throughCache } from './cache.js';
import { outlivePipes } from './channels.js';

outlivePipes();
await throughCache(process.argv.slice(2), async () => {
  try {
    const { buildProgram } = await import('./program.js');
    await buildProgram().parseAsync();
  } catch (error) {
    const { exitCodeFor } = await import('./failure.js');
    process.exitCode = exitCodeFor(error, { stack: process.argv.includes('--stack') });
  }
});
