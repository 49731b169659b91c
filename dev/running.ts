// The programs of a stack that are running: ends them in the reverse order of their start, and notices when
// one ends by itself. Knows nothing about what they are.

import type { Child } from "./child.ts";

/** Something that can be ended. Only programs of their own can die by themselves. */
export interface Part {
  stop(): Promise<void>;
  child?: Child;
}

/** The list of running parts. Starts nothing. */
export class Running {
  private readonly parts = new Map<string, Part>();
  private stopped = false;
  private reportDeath: (name: string) => void = () => undefined;
  /** Settles with the name of the first part that ended without being asked to. */
  readonly died = new Promise<string>((resolve) => {
    this.reportDeath = resolve;
  });

  /** Takes over a part that has started; its name is what people are told when it dies. */
  add(name: string, part: Part): void {
    this.parts.set(name, part);
    void part.child?.exited.then(() => {
      if (!this.stopped && this.parts.get(name) === part) this.reportDeath(name);
    });
  }

  /**
   * Waits for all starts. When one fails the signal tells the others not to go on waiting; the failure is
   * reported once all have settled, so that everything that did start is known and can be ended.
   */
  async all(begin: (signal: AbortSignal) => Promise<void>[]): Promise<void> {
    const failure = new AbortController();
    const starts = begin(failure.signal);
    let firstReason: unknown;
    for (const start of starts) {
      start.catch((reason: unknown) => {
        if (failure.signal.aborted) return;
        firstReason = reason;
        failure.abort();
      });
    }
    await Promise.allSettled(starts);
    if (failure.signal.aborted) throw firstReason;
  }

  /** Ends one part. */
  async end(name: string, withKill: boolean): Promise<void> {
    const part = this.parts.get(name);
    this.parts.delete(name);
    if (withKill) await part?.child?.kill();
    await part?.stop();
  }

  /** Ends everything, the last started first; a part that fails to stop does not keep the others. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const name of [...this.parts.keys()].toReversed()) {
      await this.end(name, false).catch(() => undefined);
    }
  }
}
