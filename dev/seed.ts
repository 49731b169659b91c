// Placeholder until the real seed is written: fills nothing in.

/** Fills an empty database with demo data and answers the organizer's bearer token. */
export async function seed(adminUrl: string): Promise<{ organizerToken: string }> {
  return Promise.resolve({ organizerToken: new URL(adminUrl).pathname === "" ? "" : "not-seeded-yet" });
}
