// When each hold ends, in memory and in order, so that the table of reservations needs no index for it: an index entry is
// paid for at the hold, at the payment and at the sale. A heap whose outdated entries are skipped; no I/O.

interface Entry {
  reservationId: string;
  expiresAtMs: number;
}

export class ExpiryQueue {
  /** Of the living holds. */
  readonly #expiries = new Map<string, number>();
  /** A binary heap, soonest first; an entry that is not the hold's expiry in force is outdated. */
  readonly #heap: Entry[] = [];

  constructor(held: Iterable<Entry>) {
    for (const entry of held) this.#add(entry);
  }

  /** Takes what became of a reservation. */
  note({ reservationId, state, expiresAtMs }: Entry & { state: string }): void {
    if (state !== "held") this.#expiries.delete(reservationId);
    else if (this.#expiries.get(reservationId) !== expiresAtMs)
      this.#add({ reservationId, expiresAtMs });
  }

  /** The next expiry; null when nothing is held. */
  firstMs(): number | null {
    return this.#first()?.expiresAtMs ?? null;
  }

  /** Reservations whose time is over at `nowMs`, oldest first. They stay until `note` says what became of them. */
  due(nowMs: number): string[] {
    const due: Entry[] = [];
    for (let first = this.#first(); first !== null; first = this.#first()) {
      if (first.expiresAtMs > nowMs) break;
      this.#removeFirst();
      // Twice in the heap when a hold ended and came back with the same expiry.
      if (due.at(-1)?.reservationId !== first.reservationId) due.push(first);
    }
    for (const entry of due) this.#push(entry);
    return due.map(({ reservationId }) => reservationId);
  }

  /** The holds in order, to compare. */
  held(): [reservationId: string, expiresAtMs: number][] {
    return [...this.#expiries].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  #add(entry: Entry): void {
    this.#expiries.set(entry.reservationId, entry.expiresAtMs);
    this.#push(entry);
  }

  #first(): Entry | null {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined) return null;
      if (this.#expiries.get(first.reservationId) === first.expiresAtMs) return first;
      this.#removeFirst();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const child = this.#smallerChild(place);
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
  }

  #smallerChild(place: number): number {
    const left = 2 * place + 1;
    const [one, other] = [this.#heap[left], this.#heap[left + 1]];
    return one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
  }
}

/** By time, then by id: the order must not depend on how the heap came to be. */
function isBefore(left: Entry, right: Entry): boolean {
  if (left.expiresAtMs !== right.expiresAtMs) return left.expiresAtMs < right.expiresAtMs;
  return left.reservationId < right.reservationId;
}
