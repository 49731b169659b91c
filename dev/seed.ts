// What a fresh database needs before anybody can sign in: two organizers with a site, an owner and a session each.
// Adds what is missing, so it may run at every start. For development and tests only: the tokens are published here.

import { createHash } from "node:crypto";
import pg from "pg";

interface SeededOrganizer {
  profileId: string;
  userId: string;
  name: string;
  email: string;
  site: string;
  token: string;
}

const organizers: readonly [SeededOrganizer, SeededOrganizer] = [
  {
    profileId: "00000000-0000-4000-8000-000000000001",
    userId: "00000000-0000-4000-8000-0000000000a1",
    name: "Salón Caribe",
    email: "caribe@example.com",
    site: "localhost",
    token: "local-organizer-session-token",
  },
  {
    profileId: "00000000-0000-4000-8000-000000000002",
    userId: "00000000-0000-4000-8000-0000000000a2",
    name: "Teatro Andino",
    email: "andino@example.com",
    site: "andino.localhost",
    token: "local-other-organizer-session-token",
  },
];

/** The session tokens the seed creates. */
export const seededTokens = {
  organizerToken: organizers[0].token,
  otherOrganizerToken: organizers[1].token,
};

/** Adds the organizers to the database of this owner URL; the session tokens. */
export async function seed(adminUrl: string): Promise<typeof seededTokens> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const organizer of organizers) await seedOrganizer(client, organizer);
  } finally {
    await client.end();
  }
  return seededTokens;
}

async function seedOrganizer(client: pg.Client, organizer: SeededOrganizer): Promise<void> {
  const { profileId, userId, name, email, site, token } = organizer;
  const tokenHash = createHash("sha256").update(token).digest("hex");
  const inserts: [text: string, values: string[]][] = [
    ["INSERT INTO profiles (id, profile_name) VALUES ($1, $2)", [profileId, name]],
    ["INSERT INTO users (id, email) VALUES ($1, $2)", [userId, email]],
    [
      "INSERT INTO profile_members (profile_id, user_id, role) VALUES ($1, $2, 'owner')",
      [profileId, userId],
    ],
    ["INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [site, profileId]],
    [
      `INSERT INTO sessions (token_hash, user_id, profile_id, expires_at)
       VALUES ($1, $2, $3, now() + interval '10 years')`,
      [tokenHash, userId, profileId],
    ],
  ];
  for (const [text, values] of inserts)
    await client.query(`${text} ON CONFLICT DO NOTHING`, values);
}
