import { describe, expect, it } from 'vitest';
import { fileNameLike, happened, pascal, reworded, wordsOf } from '../../src/fix/split/naming.js';

describe('what a method has done when it is through', () => {
  it.each([
    ['place', 'Placed'],
    ['addItem', 'ItemAdded'],
    ['markAsPaid', 'MarkedAsPaid'],
    ['ship', 'Shipped'],
    ['cancel', 'Cancelled'],
    ['deliver', 'Delivered'],
    ['open', 'Opened'],
    ['occupy', 'Occupied'],
    ['send', 'Sent'],
    ['withdraw', 'Withdrawn'],
    ['checkIn', 'CheckedIn'],
    ['changeDeliveryAddress', 'DeliveryAddressChanged'],
  ])('%s: %s', (method, event) => {
    expect(pascal(happened(method))).toBe(event);
  });
});

describe('a file named as its example is', () => {
  it.each([
    ['order-cancelled.event.ts', 'OrderCancelledEvent', 'OrderPlacedEvent', 'order-placed.event.ts'],
    ['order-cancelled.event.ts', 'OrderCancelled', 'OrderPlaced', 'order-placed.event.ts'],
    ['order-cancelled-event.ts', 'OrderCancelledEvent', 'OrderPlacedEvent', 'order-placed-event.ts'],
    ['user-left.domain-event.ts', 'UserLeftDomainEvent', 'UserJoinedDomainEvent', 'user-joined.domain-event.ts'],
    ['OrderCancelled.ts', 'OrderCancelled', 'OrderPlaced', 'OrderPlaced.ts'],
    ['orderCancelled.ts', 'OrderCancelled', 'OrderPlaced', 'orderPlaced.ts'],
    ['order_cancelled.mts', 'OrderCancelled', 'OrderPlaced', 'order_placed.mts'],
    ['order.cancelled.event.ts', 'OrderCancelledEvent', 'OrderPlacedEvent', 'order.placed.event.ts'],
    ['events.ts', 'OrderCancelled', 'OrderPlaced', undefined],
  ])('%s of %s', (base, name, wanted, file) => {
    expect(fileNameLike({ base, name }, wanted)).toBe(file);
  });
});

it('puts words for others in every spelling', () => {
  const from = wordsOf('OrderCancelled');
  const to = wordsOf('CashRegisterOpened');
  expect(reworded("'shop.order.cancelled' order-cancelled ORDER_CANCELLED orderCancelled OrderCancelledEvent", from, to)).toBe(
    "'shop.cash.register.opened' cash-register-opened CASH_REGISTER_OPENED cashRegisterOpened CashRegisterOpenedEvent",
  );
  expect(reworded('OrderCancelledness', from, to)).toBe('OrderCancelledness');
});
