import { defineRule } from 'aggro';

export default defineRule({
  id: 'events-in-past-tense',
  title: 'Name domain events in the past tense',
  why: 'An event says what has happened. One that is named like a command comes to be handled like one.',
  remedy: 'Name the event after what is now true: ParcelShipped.',
  source: 'Decision record 7',
  severity: 'warning',
  preset: 'recommended',
  options: {
    suffix: { default: 'Event', description: 'an ending that is no part of the name' },
  },
  *check(model, { suffix }) {
    for (const event of model.blocks) {
      if (event.kind !== 'domain-event' || event.base) continue;
      const name = event.name.endsWith(suffix) ? event.name.slice(0, -suffix.length) : event.name;
      if (/(?:ed|Sent|Paid|Lost|Begun)$/.test(name)) continue;
      yield {
        at: event.at,
        symbol: event.name,
        message: `${event.name} does not say what has happened. Name the event after what is now true, in the past tense.`,
      };
    }
  },
});
