// A thing with what somebody wants changed of it; what is undefined stays as it is.

export type Changes<Whole> = { [Key in keyof Whole]?: Whole[Key] | undefined };

export function withChanges<Whole extends Part, Part extends object>(
  whole: Whole,
  changes: Changes<Part>,
): Whole {
  const named = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...whole, ...Object.fromEntries(named) };
}
