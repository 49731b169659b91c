// Which units changed in the last batches, in memory only: for those who follow an area from afar. Costs a batch one entry
// and no row. What it does not know it says so; nothing is decided by it.

/** Units remembered; the oldest batches beyond that are forgotten. */
const POSITIONS_MAX = 2_000;

export class RecentChanges {
  readonly #batches: { version: number; positions: readonly number[] }[] = [];
  #positions = 0;
  /** Every change after this version is remembered. */
  #sinceVersion: number;

  constructor(version: number) {
    this.#sinceVersion = version;
  }

  /** A batch that made this version changed these units; null when it did more than change their states. */
  add(version: number, positions: readonly number[] | null): void {
    if (positions === null) {
      this.#batches.length = 0;
      this.#positions = 0;
      this.#sinceVersion = version;
      return;
    }
    if (positions.length === 0) return;
    this.#batches.push({ version, positions });
    this.#positions += positions.length;
    while (this.#positions > POSITIONS_MAX) {
      const oldest = this.#batches.shift();
      if (oldest === undefined) return;
      this.#positions -= oldest.positions.length;
      this.#sinceVersion = oldest.version;
    }
  }

  /** Where units changed after this version, each once; null when it does not remember back to there. */
  after(version: number): number[] | null {
    if (version < this.#sinceVersion) return null;
    const later = this.#batches.filter((batch) => batch.version > version);
    return [...new Set(later.flatMap(({ positions }) => positions))];
  }
}
