// Row-level security as Postgres enforces it, with raw SQL as the application's role: the catalog of tables, and what each scope
// sees and may write of an organizer who has a row in every table.
//
// The scope is a setting, so SQL that an attacker writes could set another one: no test here says otherwise.

import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { CARIBE } from "../support/members.ts";
import { openStackShop } from "../support/stack-shop.ts";
import { type Victim, newVictim, restingRows, rowsOf, tenantTables } from "../support/victim.ts";

const shop = openStackShop();
const app = new pg.Pool({
  connectionString: inject("workerVariables")["DATABASE_URL"] ?? "",
  max: 2,
});

let victim: Victim;
let tables: string[];
let before: Awaited<ReturnType<typeof rowsOf>>;

beforeAll(async () => {
  victim = await newVictim(shop, inject("apiUrl"));
  tables = await tenantTables(shop);
  before = await restingRows(shop, victim.profileId);
});
afterAll(async () => {
  await Promise.all([shop.close(), victim.shop.close(), app.end()]);
});

type Scope = "tenant" | "public" | "system" | "";

/** In a transaction of this scope, which is then undone. */
async function as<Value>(
  scope: Scope,
  profileId: string,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await app.connect();
  try {
    await client.query("BEGIN");
    await client.query(
      "SELECT set_config('waro.scope', $1, true), set_config('waro.profile_id', $2, true)",
      [scope, profileId],
    );
    return await work(client);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** Undone by itself: it is refused. */
async function refusalOf(client: pg.PoolClient, text: string, parameters: unknown[] = []) {
  await client.query("SAVEPOINT try");
  try {
    await client.query(text, parameters);
    return "nothing";
  } catch (error) {
    await client.query("ROLLBACK TO try");
    return error instanceof pg.DatabaseError ? `${error.code} ${error.message}` : String(error);
  }
}

const countOf = async (client: pg.PoolClient, table: string) =>
  (await client.query(`SELECT FROM ${table}`)).rowCount;
const theirs = async (client: pg.PoolClient, table: string) =>
  (await client.query(`SELECT FROM ${table} WHERE profile_id = $1`, [victim.profileId])).rowCount;

const INSUFFICIENT = "42501";
/** Looked up before the organizer is known, in a scope of their own. */
const SIGN_IN = ["sessions", "magic_links"];

describe("the catalog", () => {
  test("has row security, forced, with a policy for the application's role, on every tenant's table", async () => {
    const { rows } = await shop.database.query<{ name: string; policies: string[] }>(
      `SELECT pg_class.relname AS name, pg_class.relrowsecurity AND pg_class.relforcerowsecurity AS is_forced,
         coalesce(array_agg(pg_get_expr(polqual, polrelid)) FILTER (
           WHERE 'waro_app'::regrole = ANY (polroles) AND polcmd = '*' AND polpermissive), '{}') AS policies,
         bool_or(polroles && ARRAY[0::oid, 'waro_app'::regrole] AND polcmd IN ('*', 'a', 'w')
           AND pg_get_expr(coalesce(polwithcheck, polqual), polrelid) IN ('true', '')) AS is_open
       FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid
       WHERE pg_class.relname = ANY ($1::text[]) AND pg_class.relnamespace = 'public'::regnamespace
       GROUP BY pg_class.oid`,
      [tables],
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual(tables);
    for (const { name, policies, ...flags } of rows) {
      expect(flags, name).toMatchObject({ is_forced: true, is_open: false });
      const confined = policies.filter((text) =>
        SIGN_IN.includes(name) ? text.includes("'system'") : text.includes("profile_id = "),
      );
      expect(confined, `${name} has no policy that confines an organizer`).not.toEqual([]);
    }
  });

  test("has no other table that the application may touch and row security does not guard", async () => {
    const { rows } = await shop.database.query(
      `SELECT DISTINCT pg_class.relname FROM pg_class, aclexplode(pg_class.relacl) AS granted
       WHERE granted.grantee = 'waro_app'::regrole AND pg_class.relkind IN ('r', 'p', 'm', 'f')
         AND NOT (pg_class.relrowsecurity AND pg_class.relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
  });

  test("gives the application's role nothing that lies beyond row security", async () => {
    const { rows } = await shop.database.query(
      `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS is_mighty,
         EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns,
         EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS is_member
       FROM pg_roles WHERE rolname = 'waro_app'`,
    );
    expect(rows).toEqual([{ is_mighty: false, owns: false, is_member: false }]);
  });

  test("has a row of the organizer in every table, or what follows here would prove nothing", () => {
    const empty = tables.filter((table) => before[table]?.length === 0);
    expect(empty, "add a row to test/support/victim.ts").toEqual([]);
  });
});

describe("without a scope", () => {
  test("nothing is seen in any table, and nothing is written", async () => {
    await as("", victim.profileId, async (client) => {
      for (const table of [...tables, "profiles", "users"]) {
        expect(await countOf(client, table), table).toBe(0);
        const column = table === "users" || table === "profiles" ? "id" : "profile_id";
        const insert = `INSERT INTO ${table} (${column}) VALUES ($1)`;
        expect(await refusalOf(client, insert, [victim.profileId]), table).toContain(INSUFFICIENT);
      }
    });
  });

  test("nor is it with one that does not exist", async () => {
    for (const scope of ["TENANT", "admin", "tenant "])
      for (const table of tables) {
        const client = await app.connect();
        try {
          await client.query("BEGIN");
          await client.query(
            "SELECT set_config('waro.scope', $1, true), set_config('waro.profile_id', $2, true)",
            [scope, victim.profileId],
          );
          expect(await countOf(client, table), `${table} as ${scope}`).toBe(0);
        } finally {
          await client.query("ROLLBACK");
          client.release();
        }
      }
  });
});

describe("another organizer's scope", () => {
  test("sees none of their rows, and changes none, in any table", async () => {
    await as("tenant", CARIBE.profileId, async (client) => {
      for (const table of tables) {
        expect(await theirs(client, table), table).toBe(0);
        const steal = `UPDATE ${table} SET profile_id = $1 WHERE profile_id = $2`;
        const { rowCount } = await client.query(steal, [CARIBE.profileId, victim.profileId]);
        expect(rowCount, table).toBe(0);
      }
    });
  });

  test("cannot put a row among theirs, nor move one of its own there", async () => {
    await as("tenant", victim.profileId, async (client) => {
      for (const table of tables.filter((name) => !SIGN_IN.includes(name))) {
        const insert = `INSERT INTO ${table} (profile_id) VALUES ($1)`;
        expect(await refusalOf(client, insert, [CARIBE.profileId]), table).toContain(INSUFFICIENT);
        const move = `UPDATE ${table} SET profile_id = $1`;
        expect(await refusalOf(client, move, [CARIBE.profileId]), table).toContain(INSUFFICIENT);
      }
    });
    await as("tenant", CARIBE.profileId, async (client) => {
      for (const table of tables) {
        const insert = `INSERT INTO ${table} (profile_id) VALUES ($1)`;
        expect(await refusalOf(client, insert, [victim.profileId]), table).toContain(INSUFFICIENT);
      }
    });
  });

  test("sees its own rows: the tables are not just closed", async () => {
    await as("tenant", victim.profileId, async (client) => {
      for (const table of tables.filter((name) => !SIGN_IN.includes(name))) {
        expect(await theirs(client, table), table).toBe(before[table]?.length);
        expect(await countOf(client, table), table).toBe(before[table]?.length);
      }
    });
  });

  test("deletes and empties nothing, not even of its own", async () => {
    await as("tenant", victim.profileId, async (client) => {
      for (const table of [...tables, "profiles", "users"])
        for (const text of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])
          expect(await refusalOf(client, text), text).toContain(INSUFFICIENT);
    });
  });
});

describe("the public scope", () => {
  /** All that a visitor of the site may see. */
  const shown: Record<string, string> = {
    clusters: "status = 'published' AND is_active AND NOT shadowban",
    areas: "cluster_id = $2",
    cluster_images: "cluster_id = $2 AND attached_at IS NOT NULL AND removed_at IS NULL",
    images:
      "status = 'ready' AND id IN (SELECT image_id FROM cluster_images WHERE cluster_id = $2)",
    legal_info: "true",
    cluster_slugs: "cluster_id = $2",
  };

  test("sees what is published, and nothing in any other table", async () => {
    await as("public", victim.profileId, async (client) => {
      for (const table of tables) {
        const wanted = await shop.database.query(
          `SELECT FROM ${table} WHERE profile_id = $1 AND $2::uuid IS NOT NULL AND ${shown[table] ?? "false"}`,
          [victim.profileId, victim.event.eventId],
        );
        expect(await countOf(client, table), table).toBe(wanted.rowCount);
        // Of what is shown there is something, or this would prove nothing.
        expect((wanted.rowCount ?? 0) > 0, table).toBe(table in shown);
      }
      const { rows } = await client.query("SELECT id FROM profiles");
      expect(rows).toEqual([{ id: victim.profileId }]);
      expect(await countOf(client, "users")).toBe(0);
    });
  });

  test("sees nothing of an event that is hidden, deleted or not published", async () => {
    for (const change of ["shadowban = true", "is_active = false", "status = 'cancelled'"]) {
      const owner = await shop.database.connect();
      try {
        // As the owner, and undone before anybody else sees it.
        await owner.query("BEGIN");
        await owner.query(`UPDATE clusters SET ${change} WHERE id = $1`, [victim.event.eventId]);
        await owner.query("SET LOCAL ROLE waro_app");
        await owner.query(
          "SELECT set_config('waro.scope', 'public', true), set_config('waro.profile_id', $1, true)",
          [victim.profileId],
        );
        for (const table of ["clusters", "areas", "cluster_images", "images", "cluster_slugs"])
          expect((await owner.query(`SELECT FROM ${table}`)).rowCount, `${table}, ${change}`).toBe(
            0,
          );
      } finally {
        await owner.query("ROLLBACK");
        owner.release();
      }
    }
  });

  test("writes nothing", async () => {
    await as("public", victim.profileId, async (client) => {
      for (const table of tables) {
        const { rowCount } = await client.query(`UPDATE ${table} SET profile_id = profile_id`);
        expect(rowCount, table).toBe(0);
        const insert = `INSERT INTO ${table} (profile_id) VALUES ($1)`;
        expect(await refusalOf(client, insert, [victim.profileId]), table).toContain(INSUFFICIENT);
      }
    });
  });

  test("of another site sees none of it", async () => {
    await as("public", CARIBE.profileId, async (client) => {
      for (const table of tables) expect(await theirs(client, table), table).toBe(0);
    });
  });
});

describe("a statement of the application", () => {
  test.each([
    "SET ROLE waro_admin",
    "ALTER TABLE payments DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE payments NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY waro_tenant ON payments",
    "CREATE POLICY mine ON payments USING (true)",
    "ALTER TABLE payments OWNER TO waro_app",
    "ALTER ROLE waro_app BYPASSRLS",
    "SET SESSION AUTHORIZATION waro_admin",
  ])("cannot lift the fence: %s", async (text) => {
    await as("tenant", CARIBE.profileId, async (client) => {
      expect(await refusalOf(client, text)).toMatch(/^(?:42501|42704|0LP01)/);
      expect(await theirs(client, "payments")).toBe(0);
    });
  });

  test("that turns row security off is refused instead of seeing everything", async () => {
    await as("tenant", CARIBE.profileId, async (client) => {
      await client.query("SET LOCAL row_security = off");
      expect(await refusalOf(client, "SELECT FROM payments")).toContain(INSUFFICIENT);
    });
  });
});

test("after all that, every row of theirs is as it was", async () => {
  expect(await rowsOf(shop, victim.profileId)).toEqual(before);
});
