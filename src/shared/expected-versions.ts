// Which versions of a thing a caller means to change: those they have seen. Null: whichever it is.

export type ExpectedVersions = readonly number[] | null;

export function isExpected(versions: ExpectedVersions, version: number): boolean {
  return versions === null || versions.includes(version);
}
