import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderCatalogue } from '../src/catalogue.js';
import { explainRule, listRules } from '../src/explain.js';
import type { Rule } from '../src/rule.js';

const RULE: Rule = {
  id: 'no-public-state',
  title: 'State is changed by methods',
  why: 'Whoever assigns a field skips the rules.',
  remedy: 'Make it private.',
  source: 'Evans, Domain-Driven Design',
  severity: 'error',
  preset: 'recommended',
  fixable: 'safe',
  *check() {},
};
const FIXTURE = `import { AggregateRoot } from '../base.js';

// #region example: bad
import {
  Money,
} from './money.js';

  export class Order {
    total: Money;
    //   ^^^^^ error: no-public-state

    pay() {}
  }
// #endregion
// #region example: good
export class Order { readonly total: Money }
// #endregion
`;
const fixtures = mkdtempSync(path.join(tmpdir(), 'aggro-explain-'));
mkdirSync(path.join(fixtures, RULE.id, 'domain'), { recursive: true });
writeFileSync(path.join(fixtures, RULE.id, 'domain', 'order.ts'), FIXTURE);
afterAll(() => rmSync(fixtures, { recursive: true }));

const BAD = 'export class Order {\n  total: Money;\n\n  pay() {}\n}';

describe('explain', () => {
  it('quotes the examples without imports, markers and indentation', () => {
    const text = explainRule(RULE, fixtures);
    expect(text).toContain(`Fails\n${BAD.replace(/^(?=.)/gm, '  ')}\n\nPasses\n  export class Order { readonly total: Money }\n`);
  });

  it('says everything the rule says about itself', () => {
    const options = { most: { default: 3, description: 'how many are fine' } };
    const text = explainRule({ ...RULE, options }, path.join(fixtures, 'nowhere'));
    for (const part of [RULE.id, RULE.title, RULE.why, RULE.remedy, RULE.source, 'error, in the preset recommended, safe fix']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('most (default 3): how many are fine');
    expect(text).not.toContain('Fails');
  });

  it('lists the rules', () => {
    expect(listRules([RULE])).toContain('no-public-state  error    recommended  State is changed by methods\n');
  });
});

describe('the catalogue', () => {
  it('has an entry for each rule, with its examples', () => {
    const catalogue = renderCatalogue([RULE], fixtures);
    expect(catalogue).toContain('| [no-public-state](#no-public-state) | error | recommended | safe | State is changed by methods |');
    expect(catalogue).toContain(`Fails:\n\n\`\`\`ts\n${BAD}\n\`\`\``);
  });
});
