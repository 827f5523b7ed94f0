import { describe, expect, it } from 'vitest';
import { identityName } from '../../src/fix/identity/names.js';

describe('the name of an identity', () => {
  it.each([
    ['customer', 'customerId'],
    ['_customer', '_customerId'],
    ['#customer', '#customerId'],
    ['getCustomer', 'getCustomerId'],
    ['best_answer', 'best_answer_id'],
  ])('%s becomes %s', (name, expected) => {
    expect(identityName(name, false)).toBe(expected);
  });

  it.each([
    ['customers', 'customerIds'],
    ['#devices', '#deviceIds'],
    ['companies', 'companyIds'],
    ['addresses', 'addressIds'],
    ['boxes', 'boxIds'],
    ['children', 'childIds'],
    ['staff', 'staffIds'],
    ['campus', 'campusIds'],
    ['legsByPort', 'legIdsByPort'],
    ['byPort', 'idsByPort'],
  ])('of several, %s becomes %s', (name, expected) => {
    expect(identityName(name, true)).toBe(expected);
  });
});
