// Lets only so many do something at the same time; the others wait in the order they came. A crowd of twenty thousand would
// otherwise measure how many sockets one process can open.

export class Gate {
  readonly #places: () => number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  /** How many at the same time, asked anew whenever somebody comes or goes. */
  constructor(places: () => number) {
    this.#places = places;
  }

  get hasQueue(): boolean {
    return this.#waiting.length > 0;
  }

  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    await new Promise<void>((enter) => {
      this.#waiting.push(enter);
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#inside < this.#places()) {
      const enter = this.#waiting.shift();
      if (enter === undefined) return;
      this.#inside += 1;
      enter();
    }
  }
}
