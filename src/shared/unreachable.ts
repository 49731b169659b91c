// For the end of a switch that names every case: adding a case without handling it does not compile.

export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
