// What a fresh database needs before anybody can sign in: two organizers with a site, an owner, a session
// and legal information each.
// Adds what is missing, so it may run at every start.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

interface SeededOrganizer {
  profileId: string;
  userId: string;
  name: string;
  email: string;
  site: string;
  legalInfoId: string;
  nit: string;
}

const organizers: readonly [SeededOrganizer, SeededOrganizer] = [
  {
    profileId: "00000000-0000-4000-8000-000000000001",
    userId: "00000000-0000-4000-8000-0000000000a1",
    name: "Salón Caribe",
    email: "caribe@example.com",
    site: "localhost",
    legalInfoId: "00000000-0000-4000-8000-0000000000b1",
    nit: "900123456-8",
  },
  {
    profileId: "00000000-0000-4000-8000-000000000002",
    userId: "00000000-0000-4000-8000-0000000000a2",
    name: "Teatro Andino",
    email: "andino@example.com",
    site: "andino.localhost",
    legalInfoId: "00000000-0000-4000-8000-0000000000b2",
    nit: "901000001-6",
  },
];

/** The session tokens of the two organizers. */
export interface SeededTokens {
  organizerToken: string;
  otherOrganizerToken: string;
}

/**
 * The tokens of a stack's data, kept from its first start on. In the embedded database they are known to everybody who
 * reads this; a database of one's own may serve others too, so there they are random.
 */
export function keptTokens(
  dataDirectory: string,
  { isEmbedded }: { isEmbedded: boolean },
): SeededTokens {
  if (isEmbedded) {
    return {
      organizerToken: "local-organizer-session-token",
      otherOrganizerToken: "local-other-organizer-session-token",
    };
  }
  const path = join(dataDirectory, "organizer-tokens");
  if (!existsSync(path)) {
    mkdirSync(dataDirectory, { recursive: true });
    const tokens = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString("base64url"));
    writeFileSync(path, `${tokens.join("\n")}\n`, { mode: 0o600 });
  }
  const [organizerToken = "", otherOrganizerToken = ""] = readFileSync(path, "utf8").split("\n");
  return { organizerToken, otherOrganizerToken };
}

/** Adds the organizers and their sessions to the database of this owner URL. */
export async function seed(adminUrl: string, tokens: SeededTokens): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await seedOrganizer(client, organizers[0], tokens.organizerToken);
    await seedOrganizer(client, organizers[1], tokens.otherOrganizerToken);
  } finally {
    await client.end();
  }
}

async function seedOrganizer(
  client: pg.Client,
  organizer: SeededOrganizer,
  token: string,
): Promise<void> {
  const { profileId, userId, name, email, site, legalInfoId, nit } = organizer;
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
      `INSERT INTO legal_info (id, profile_id, nit, legal_name, puleb_code, address, city, country)
       VALUES ($1, $2, $3, $4 || ' S.A.S.', 'ABC123', 'Calle 10 # 20-30', 'Bogotá', 'CO')`,
      [legalInfoId, profileId, nit, name],
    ],
    [
      `INSERT INTO sessions (token_hash, user_id, profile_id, expires_at)
       VALUES ($1, $2, $3, now() + interval '10 years')`,
      [tokenHash, userId, profileId],
    ],
  ];
  for (const [text, values] of inserts)
    await client.query(`${text} ON CONFLICT DO NOTHING`, values);
}
