// What the buyers were told, the only thing a crash may not take back. Written by the buyers, read at the end.

/**
 * What came last for a reservation, and was acknowledged unless the name says it is still on its way. Who `left` goes
 * without a word, and the hold ends by itself.
 */
export type LastWord =
  | "held"
  | "left"
  | "releasing"
  | "released"
  | "approved"
  | "settled"
  | "returned";

export interface KnownUnit {
  reservationUnitId: string;
  areaId: string;
  unitId: string;
  /** Price and service fee, as answered to the hold. */
  quotedInCents: number;
}

/** An acknowledged hold, and the last that was heard of it. */
export interface AcknowledgedHold {
  reservationId: string;
  token: string;
  totalInCents: number;
  units: KnownUnit[];
  lastWord: LastWord;
  /** Given back or over before it was paid: the same units, others or the money may come of it. */
  isLate: boolean;
}

/** A hold that is paid at most once. */
export interface KnownReservation extends AcknowledgedHold {
  /** An acknowledged payment, started but not necessarily paid. */
  paymentId: string | null;
  /** The approved transaction, as the gateway answered it. */
  transaction: { id: string; amountInCents: number } | null;
}

export class Ledger<Known extends AcknowledgedHold = KnownReservation> {
  readonly reservations: Known[] = [];
  /** Answers that contradict what was acknowledged before. */
  readonly contradictions: string[] = [];
  /** Requests that were never answered, or not with what their sender needed. */
  unknownOutcomes = 0;
  repeatedHolds = 0;

  get holds(): number {
    return this.reservations.length;
  }

  get purchases(): number {
    return this.#count("settled");
  }

  get releases(): number {
    return this.#count("released");
  }

  get returns(): number {
    return this.#count("returned");
  }

  contradict(
    what: string,
    { reservationId }: AcknowledgedHold,
    { status, body }: { status: number; body: unknown },
  ): void {
    this.contradictions.push(
      `${what} of acknowledged reservation ${reservationId} was answered ${status} ${JSON.stringify(body)}`,
    );
  }

  #count(lastWord: LastWord): number {
    return this.reservations.filter((reservation) => reservation.lastWord === lastWord).length;
  }
}
