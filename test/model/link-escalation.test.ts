import { describe, expect, it } from 'vitest';
import { tree } from '../project/tree.js';
import { modelAt, SHOP, writtenBy } from './linked.js';

const KERNEL = `export abstract class AggregateRoot { private readonly events: object[] = []; protected raise(event: object): void { this.events.push(event); } }`;

/** A repository whose type the links leave open. */
const repository = (beside: string): string =>
  tree({
    'package.json': { name: 'shop' },
    'tsconfig.json': { compilerOptions: { strict: true, target: 'es2022', module: 'nodenext' }, include: ['src'] },
    'src/kernel.ts': KERNEL,
    'src/shop.ts': SHOP.replace('@nestjs/cqrs', './kernel.js').replaceAll('abstract add(', 'abstract save('),
    'src/confirm.use-case.ts': `
import { Customer, CustomerRepository, Order, OrderRepository } from './shop.js';
${beside}
export class ConfirmUseCase {
  constructor(private readonly customers: CustomerRepository, private readonly ports: Ports) {}
  async execute(id: string): Promise<void> {
    const stored = open(this.ports);
    const order = await stored.findById(id);
    if (order) await stored.save(order);
  }
}`,
  });

describe('--types full', () => {
  it.each([
    [
      'a conditional type with infer',
      `interface Ports { orderRepository: OrderRepository; customerRepository: CustomerRepository }
       declare function open<P extends Ports>(ports: P): P extends { [K in 'orderRepository']: infer R } ? R : never;`,
    ],
    [
      'a mapped utility with renamed keys',
      `interface Ports { orderRepository: OrderRepository; customerRepository: CustomerRepository }
       type Short<P> = { [K in keyof P as K extends \`\${infer Name}Repository\` ? Name : never]: P[K] };
       declare function short<P>(ports: P): Short<P>;
       const open = (ports: Ports) => short(ports).order;`,
    ],
  ])('%s', async (_what, beside) => {
    const root = repository(beside);
    expect(writtenBy(await modelAt(root), 'ConfirmUseCase.execute')).toEqual([]);
    expect(writtenBy(await modelAt(root, 'full'), 'ConfirmUseCase.execute')).toEqual(['Order']);
  });

  it('changes nothing where the links are enough', async () => {
    const root = repository('interface Ports { orders: OrderRepository }\nconst open = (ports: Ports) => ports.orders;');
    const links = await modelAt(root);
    expect(writtenBy(links, 'ConfirmUseCase.execute')).toEqual(['Order']);
    expect(await modelAt(root, 'full')).toEqual(links);
  });
});
