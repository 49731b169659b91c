// What the buyers of a spike did and were told. Written by the buyers, read at the end; never asks the stack.

import { type AcknowledgedHold, Ledger } from "../crash/ledger.ts";

/** A transaction that the gateway approved, as the payer was told. */
interface Approval {
  transactionId: string;
  paymentId: string;
}

export interface SpikeReservation extends AcknowledgedHold {
  /** Every payment that was acknowledged, paid or not. */
  paymentIds: string[];
  approvals: Approval[];
}

export class SpikeLedger extends Ledger<SpikeReservation> {
  /** Who has asked for something at least once. */
  buyersCome = 0;
  /** Holds and payments that were refused, by the code they were told. */
  readonly refusals = new Map<string, number>();
  /** Of every hold request that was answered, kept or refused. */
  readonly holdMilliseconds: number[] = [];
  /** Approved after the hold had ended, on purpose. */
  latePayments = 0;
  declines = 0;
  /** Payments whose buyers were told that the money goes back. */
  paidBack = 0;

  refuse(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  get refused(): number {
    return [...this.refusals.values()].reduce((sum, times) => sum + times, 0);
  }

  get approvals(): Approval[] {
    return this.reservations.flatMap(({ approvals }) => approvals);
  }

  get paymentIds(): string[] {
    return this.reservations.flatMap(({ paymentIds }) => paymentIds);
  }
}
