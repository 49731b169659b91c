// Takes down the first rule that a run breaks.

/** `rule` names the invariant; shrinking keeps to it. */
export interface Violation {
  rule: string;
  message: string;
  /** Number of the step after which it was seen. */
  step: number;
}

export class Referee {
  violation: Violation | null = null;
  /** The step that runs now. */
  step = 0;

  object(rule: string, message: string): void {
    this.violation ??= { rule, message, step: this.step };
  }
}
