// Says every second or two what is going on, so that nobody has to wonder whether anything is.

const EVERY_MILLISECONDS = 1_500;

export class Progress {
  readonly #log: (line: string) => void;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;
  #phase: () => string = () => "";

  constructor(log: (line: string) => void) {
    this.#log = log;
    this.#timer = setInterval(() => this.#say(), EVERY_MILLISECONDS);
  }

  /** What is said from now on, looked at anew each time. */
  during(phase: () => string): void {
    this.#phase = phase;
    this.#say();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #say(): void {
    const seconds = ((Date.now() - this.#startedAt) / 1_000).toFixed(1);
    this.#log(`${seconds.padStart(6)} s  ${this.#phase()}`);
  }
}
