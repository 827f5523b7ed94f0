export abstract class AggregateRoot {
  protected raise(_event: DomainEvent): void {}
}

export abstract class DomainEvent {}

export class ShipParcelEvent extends DomainEvent {
  constructor(readonly parcelId: string) {
    super();
  }
}

export class Parcel extends AggregateRoot {
  constructor(private readonly id: string) {
    super();
  }

  ship(): void {
    this.raise(new ShipParcelEvent(this.id));
  }
}
