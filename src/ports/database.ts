// Postgres as services and repositories see it: statements that run together in one transaction, under one scope.

/** A statement and its parameters, `$1` onwards. Parameters are never interpolated. */
export interface Statement {
  text: string;
  parameters: readonly unknown[];
}

export type Row = Record<string, unknown>;

export interface DatabaseScope {
  /** Runs the statements in one transaction, in one round trip; all or none. Rows of each statement, in order. */
  transaction(statements: readonly Statement[]): Promise<Row[][]>;
  /** One statement; its rows. */
  query(text: string, parameters: readonly unknown[]): Promise<Row[]>;
}

/** Row-level security in Postgres enforces the scope, whatever a statement asks for. */
export interface Database {
  /** An organizer's own rows, for reading and writing. */
  asTenant(profileId: string): DatabaseScope;
  /** What anybody may read of an organizer's site. */
  asPublic(profileId: string): DatabaseScope;
  /** Sign-in, site and payment look-ups, before the organizer is known. */
  asSystem(): DatabaseScope;
}

/** A uniqueness rule of the database refused a write. `constraint` is the index's name. */
export class UniqueViolation extends Error {
  readonly constraint: string;

  constructor(constraint: string) {
    super(`unique violation: ${constraint}`);
    this.name = "UniqueViolation";
    this.constraint = constraint;
  }
}

/** Postgres could not be reached or did not answer in time; the statements may or may not have been carried out. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database is unavailable", { cause });
    this.name = "DatabaseUnavailable";
  }
}
