import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createSharedCalls } from "../../src/adapters/shared-calls.ts";

const callShape = z.union([
  z.object({ kind: z.literal("together"), commands: z.array(z.object({ id: z.string() })) }),
  z.object({ id: z.string() }),
]);

interface Call {
  line: string;
  /** Of the commands it carries. */
  ids: string[];
  isTogether: boolean;
  answer(text?: string): void;
  fail(error: Error): void;
}

/** Calls that were sent, to be answered by hand. */
function openLines() {
  const calls: Call[] = [];
  const kept: Promise<unknown>[] = [];
  const send = createSharedCalls(
    (line, text) =>
      new Promise((resolve, reject) => {
        const call = callShape.parse(JSON.parse(text));
        const isTogether = "commands" in call;
        const ids = isTogether ? call.commands.map(({ id }) => id) : [call.id];
        const answer = (other?: string) =>
          resolve(other ?? ids.map((id) => `answer to ${id}`).join("\n"));
        calls.push({ line, ids, isTogether, answer, fail: reject });
      }),
    (promise) => void kept.push(promise),
  );
  const ask = (id: string, line = "area") => send(line, JSON.stringify({ id }));
  const sent = () => calls.map(({ ids }) => ids);
  return { calls, kept, ask, sent };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("commands to one object", () => {
  test("go at once when nothing is under way, as they are", async () => {
    const { calls, ask } = openLines();
    const answer = ask("a");
    expect(calls).toMatchObject([{ ids: ["a"], isTogether: false }]);
    calls[0]?.answer();
    expect(await answer).toBe("answer to a");
    const later = ask("b");
    expect(calls[1]).toMatchObject({ ids: ["b"], isTogether: false });
    calls[1]?.answer();
    expect(await later).toBe("answer to b");
  });

  test("that come meanwhile go in one call once it is back, and each gets its own answer", async () => {
    const { calls, ask, sent } = openLines();
    const answers = Promise.all(["a", "b", "c", "d"].map((id) => ask(id)));
    await settle();
    expect(sent()).toEqual([["a"]]);
    calls[0]?.answer();
    await settle();
    expect(sent()).toEqual([["a"], ["b", "c", "d"]]);
    calls[1]?.answer();
    expect(await answers).toEqual(["a", "b", "c", "d"].map((id) => `answer to ${id}`));
  });

  test("wait some milliseconds at most for a call that is slow", async () => {
    const { calls, ask, sent } = openLines();
    const slow = ask("slow");
    const next = Promise.all([ask("b"), ask("c")]);
    await vi.advanceTimersByTimeAsync(5);
    expect(sent()).toEqual([["slow"], ["b", "c"]]);
    calls[1]?.answer();
    expect(await next).toEqual(["answer to b", "answer to c"]);
    calls[0]?.answer();
    expect(await slow).toBe("answer to slow");
  });

  test("are a hundred in one call at most", async () => {
    const { calls, ask } = openLines();
    const answers = Promise.all(Array.from({ length: 251 }, (_, index) => ask(`c${index}`)));
    for (let call = 0; call < 4; call += 1) {
      await vi.advanceTimersByTimeAsync(5);
      calls[call]?.answer();
    }
    expect(new Set(await answers).size).toBe(251);
    expect(calls.map(({ ids }) => ids.length)).toEqual([1, 100, 100, 50]);
  });

  test("to different objects have nothing to do with each other", () => {
    const { calls, ask } = openLines();
    void ask("a", "here");
    void ask("b", "there");
    expect(calls).toMatchObject([{ line: "here" }, { line: "there" }]);
  });
});

describe("commands that share a call", () => {
  async function openTwo() {
    const lines = openLines();
    void lines.ask("a");
    const answers = [lines.ask("b"), lines.ask("c")] as const;
    lines.calls[0]?.answer();
    await settle();
    return { ...lines, answers };
  }

  test("all fail when it fails, and the next ones are sent as ever", async () => {
    const { calls, kept, ask, answers } = await openTwo();
    const failed = Promise.allSettled(answers);
    calls[1]?.fail(new Error("overloaded"));
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // What outlives a request never rejects where nobody listens.
    await Promise.all(kept);
    const next = ask("d");
    calls[2]?.answer();
    expect(await next).toBe("answer to d");
  });

  test("go each alone to an object of an older version, which understands none of it", async () => {
    const { calls, answers } = await openTwo();
    calls[1]?.answer('{"ok":false}');
    await settle();
    expect(calls.slice(2).map(({ ids }) => ids)).toEqual([["b"], ["c"]]);
    for (const call of calls.slice(2)) call.answer();
    expect(await Promise.all(answers)).toEqual(["answer to b", "answer to c"]);
  });

  test("go each alone when whoever took them along is cut off", async () => {
    const { calls, answers } = await openTwo();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls.slice(2).map(({ ids }) => ids)).toEqual([["b"], ["c"]]);
    for (const call of calls.slice(2)) call.answer();
    expect(await Promise.all(answers)).toEqual(["answer to b", "answer to c"]);
  });
});
