// The names of a table's entries, as the type of the table knows them.

export function namesOf<Name extends string>(
  table: Readonly<Partial<Record<Name, unknown>>>,
): Name[] {
  return Object.keys(table).filter((name): name is Name => Object.hasOwn(table, name));
}
