// A problem a person can do something about: its message is one full sentence that is printed as it is.
// Anything thrown that is not a Problem is a defect of this code.

/** An error whose message is meant for the person at the terminal. */
export class Problem extends Error {
  override name = "Problem";
}

/** The sentence to print for whatever was thrown; a defect shows its kind, never a stack trace. */
export function sentenceFor(thrown: unknown): string {
  if (thrown instanceof Problem) return thrown.message;
  if (thrown instanceof AggregateError && thrown.message === "") {
    return thrown.errors.map(sentenceFor).join(" ");
  }
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message.split("\n")[0] ?? ""}`;
  return String(thrown);
}

/** The system's error code, such as ENOENT, if there is one. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
