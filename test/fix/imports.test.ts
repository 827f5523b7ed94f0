import { describe, expect, it } from 'vitest';
import { withImports } from '../../src/fix/imports.js';

const FILES = new Map([
  ['./customer', '/app/src/customer.ts'],
  ['./customer.js', '/app/src/customer.ts'],
  ['./customer-id', '/app/src/customer-id.ts'],
  ['./customer-id.js', '/app/src/customer-id.ts'],
  ['./model', '/app/src/model/index.ts'],
  ['@app/customer', '/app/src/customer.ts'],
  ['@app/customer-id', '/app/src/customer-id.ts'],
  ['@app/shared/money', '/app/src/shared/money.ts'],
  ['@app/shared/clock', '/app/src/shared/clock.ts'],
]);

const context = (file: string, before: string, strictTypes = false) => ({
  file,
  before,
  resolve: (_: string, specifier: string) => FILES.get(specifier),
  exports: (moduleFile: string, name: string, declaredIn: string) =>
    moduleFile.endsWith('/index.ts') && name === 'CustomerId' && declaredIn === '/app/src/customer-id.ts',
  strictTypes,
  isMade: () => false,
});

const ORDER = '/app/src/order.ts';
const CUSTOMER_ID = { file: ORDER, name: 'CustomerId', from: '/app/src/customer-id.ts' };

/** The file after its body was edited, with what the edits need. */
const mended = (imports: string, body: string, edited: string, needs = [CUSTOMER_ID], strictTypes = false): string =>
  withImports(imports + edited, needs, context(ORDER, imports + body, strictTypes));

describe('imports follow the edits', () => {
  it.each([
    [
      'a new import in the style of the others, a dead one gone',
      "import { Customer } from './customer';\nimport { Money } from './money';\n\n",
      "import { Money } from './money';\nimport { CustomerId } from './customer-id';\n\n",
    ],
    ['double quotes and no semicolons', 'import { Customer } from "./customer"\n', 'import { CustomerId } from "./customer-id"\n'],
    ['extensions', "import { Customer } from './customer.js';\n", "import { CustomerId } from './customer-id.js';\n"],
    ['tight braces', "import {Customer} from './customer';\n", "import {CustomerId} from './customer-id';\n"],
    [
      'into the list of a barrel that exports it',
      "import { Customer, Order } from './model';\n",
      "import { Order, CustomerId } from './model';\n",
    ],
    [
      'into a list over several lines',
      "import {\n  Customer,\n  Order,\n} from './model';\n",
      "import {\n  Order,\n  CustomerId,\n} from './model';\n",
    ],
    [
      'already there',
      "import { Customer } from './customer';\nimport { CustomerId } from './customer-id';\n",
      "import { CustomerId } from './customer-id';\n",
    ],
    ['a default import gone', "import Customer from './customer';\n", "import { CustomerId } from './customer-id';\n"],
    [
      'a default import gone beside a list',
      "import Customer, { Order } from './customer';\n",
      "import { Order } from './customer';\nimport { CustomerId } from './customer-id';\n",
    ],
    ['a type import', "import type { Customer } from './customer';\n", "import { CustomerId } from './customer-id';\n"],
    ['an alias of the project', "import { Customer } from '@app/customer';\n", "import { CustomerId } from '@app/customer-id';\n"],
    [
      'windows line ends',
      "import { Customer } from './customer';\r\nimport { Money } from './money';\r\n",
      "import { Money } from './money';\r\nimport { CustomerId } from './customer-id';\r\n",
    ],
  ])('%s', (_, imports, expected) => {
    const result = mended(
      imports,
      'class Order { customer: Customer; total: Money; with: Order }',
      'class X { customerId: CustomerId; total: Money; with: Order }',
    );
    expect(result).toBe(`${expected}class X { customerId: CustomerId; total: Money; with: Order }`);
  });

  it('says type where the compiler wants it', () => {
    const result = mended(
      "import { Customer } from './customer';\n",
      'let x: Customer',
      'let x: CustomerId',
      [{ ...CUSTOMER_ID, typeOnly: true } as typeof CUSTOMER_ID],
      true,
    );
    expect(result).toBe("import type { CustomerId } from './customer-id';\nlet x: CustomerId");
  });

  it('keeps a directive and a head comment on top', () => {
    const text = "'use strict';\n\nlet x: CustomerId;\n";
    expect(withImports(text, [CUSTOMER_ID], context(ORDER, "'use strict';\n\nlet x: Customer;\n"))).toBe(
      "'use strict';\nimport { CustomerId } from './customer-id';\n\nlet x: CustomerId;\n",
    );
  });

  it.each([
    ['the last two', '{ A, B, C }', 'A', '{ A }'],
    ['the first two', '{ A, B, C }', 'C', '{ C }'],
    ['the first and the last two', '{ A, B, type C, D }', 'B', '{ B }'],
    ['every other', '{ A, B, C, D }', 'B; D', '{ B, D }'],
  ])('drops %s of a list', (_, list, kept, left) => {
    const imports = `import ${list} from './letters';\n`;
    expect(mended(imports, 'A; B; C; D;', `${kept};`, [])).toBe(`import ${left} from './letters';\n${kept};`);
  });

  it('leaves imports alone that had no use before', () => {
    const imports = "import { Unused } from './unused';\nimport 'reflect-metadata';\n";
    expect(mended(imports, 'let x: A', 'let x: B', [])).toBe(`${imports}let x: B`);
  });

  it('needs nothing for what the file itself declares', () => {
    expect(mended('', 'class CustomerId {}\nlet x: A', 'class CustomerId {}\nlet x: CustomerId')).toBe(
      'class CustomerId {}\nlet x: CustomerId',
    );
  });
});
