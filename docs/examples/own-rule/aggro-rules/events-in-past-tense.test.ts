import { testRule } from 'aggro/testing';
import { test } from 'vitest';
import rule from './events-in-past-tense.js';

test('finds what the markers say, and nothing else', async () => {
  await testRule(rule, new URL('fixtures/events-in-past-tense', import.meta.url));
});

test('takes another suffix', async () => {
  await testRule(
    rule,
    {
      'parcel.ts': `
abstract class DomainEvent {}
export class ParcelShippedMessage extends DomainEvent {}
export class ParcelShippedEvent extends DomainEvent {}
//           ^^^^^^^^^^^^^^^^^^ warning: events-in-past-tense
`,
    },
    { options: { suffix: 'Message' } },
  );
});
