// The migrations against a real Postgres: a database of their own per test, in the run's cluster.

import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { describe, expect, inject, it } from "vitest";
import { migrate } from "../../dev/migrate.ts";

/** Tables as another application of the shared database left them: the plan's columns, and rows. */
const tablesOfOthers = `
  create table profiles (id uuid primary key, legacy text);
  create table legal_info (id uuid primary key, nit text, legal_name text, puleb_code text);
  create table clusters (
    id uuid primary key, profile_id uuid not null references profiles (id), cluster_name text not null,
    description text not null default '', start_date timestamptz not null, end_date timestamptz not null,
    cluster_type text not null default 'other', slug_cluster text, legal_info_id uuid,
    is_active boolean not null default true, shadowban boolean not null default false, other_column text);
  create table areas (
    id uuid primary key, cluster_id uuid not null references clusters (id), area_name text not null,
    description text not null default '', capacity integer not null default 0, price numeric not null,
    currency text not null default 'COP', nomenclature_letter text not null default 'A',
    unit_capacity integer not null default 1, service numeric not null default 0);
  create table sessions (id uuid primary key, anything text);
  create table unrelated (id integer);
  insert into profiles values ('00000000-0000-4000-8000-0000000000f1', 'kept');
  insert into clusters (id, profile_id, cluster_name, start_date, end_date, other_column) values
    ('00000000-0000-4000-8000-0000000000f2', '00000000-0000-4000-8000-0000000000f1', 'Old', now(), now(), 'kept');
  insert into areas (id, cluster_id, area_name, price) values
    ('00000000-0000-4000-8000-0000000000f3', '00000000-0000-4000-8000-0000000000f2', 'Old area', 10);
  insert into sessions values ('00000000-0000-4000-8000-0000000000f4', 'kept');
  insert into unrelated values (7);
`;

const hiddenCluster = `
  insert into clusters (id, profile_id, cluster_name, start_date, end_date) values
    ('00000000-0000-4000-8000-0000000000f9', '00000000-0000-4000-8000-0000000000f1', 'Hidden', now(), now());
`;

/** Every table the application may see. */
const fencedTables = `
  select distinct pg_class.relname as name from pg_class, aclexplode(pg_class.relacl) as granted
  where pg_class.relkind in ('r', 'p') and granted.grantee = 'waro_app'::regrole
  order by pg_class.relname`;

interface TestDatabase {
  url: string;
  query: (text: string) => Promise<Record<string, unknown>[]>;
  run: (text: string) => Promise<void>;
}

async function withDatabase(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const name = `migrations_${crypto.randomUUID().replaceAll("-", "")}`;
  await once(inject("databaseUrl"), `create database ${name}`);
  const url = new URL(inject("databaseUrl"));
  url.pathname = `/${name}`;
  try {
    await work({
      url: url.href,
      query: async (text) => once(url.href, text),
      run: async (text) => void (await once(url.href, text)),
    });
  } finally {
    await untilLeft(name);
    await once(inject("databaseUrl"), `drop database ${name} with (force)`);
  }
}

/** A run that has ended may still be closing its connection: cut off, that would be a failure of its own. */
async function untilLeft(name: string): Promise<void> {
  const visitors = `select from pg_stat_activity where datname = '${name}'`;
  for (let look = 0; look < 100; look += 1) {
    if ((await once(inject("databaseUrl"), visitors)).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function once(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A role of another application for the time of `work`, and how it speaks. */
async function withRole(
  url: string,
  work: (
    role: string,
    speak: (text: string, before?: string) => Promise<pg.QueryResult>,
  ) => Promise<void>,
): Promise<void> {
  const role = `other_${crypto.randomUUID().replaceAll("-", "")}`;
  await once(url, `create role ${role} nosuperuser nobypassrls`);
  try {
    await work(role, async (text, before) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`set role ${role}`);
        if (before !== undefined) await client.query(before);
        return await client.query(text);
      } finally {
        await client.end();
      }
    });
  } finally {
    await once(url, `drop owned by ${role} cascade; drop role ${role}`);
  }
}

const quietly = (url: string) => migrate({ adminUrl: url, log: () => undefined });

describe("migrations", () => {
  it("add what is missing to tables that are there, and keep every row", async () => {
    await withDatabase(async ({ url, run, query }) => {
      await run(tablesOfOthers);
      await quietly(url);
      expect(await query("select legacy from profiles")).toEqual([{ legacy: "kept" }]);
      expect(await query("select other_column, status, time_zone, version from clusters")).toEqual([
        { other_column: "kept", status: "draft", time_zone: "America/Bogota", version: 1 },
      ]);
      expect(await query("select anything from sessions")).toEqual([{ anything: "kept" }]);
      expect(await query("select id from unrelated")).toEqual([{ id: 7 }]);
      expect(await query("select count(*)::int as units from units")).toEqual([{ units: 0 }]);
    });
  });

  it("may run again, and at the same time as another run", async () => {
    await withDatabase(async ({ url, query }) => {
      await Promise.all([quietly(url), quietly(url)]);
      await quietly(url);
      const applied = await query("select name from waro_tickets_migrations order by name");
      expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
    });
  });

  it("leave other roles of the shared database what they could see", async () => {
    await withDatabase(async ({ url, run }) => {
      await run(tablesOfOthers);
      await withRole(url, async (other, asOther) => {
        await run(
          `grant usage on schema public to ${other}; grant select, update on clusters to ${other}`,
        );
        await quietly(url);
        expect((await asOther("select cluster_name from clusters")).rows).toEqual([
          { cluster_name: "Old" },
        ]);
        expect((await asOther("update clusters set description = 'x'")).rowCount).toBe(1);
      });
    });
  });

  it("leave other roles no more than their own policies gave them", async () => {
    await withDatabase(async ({ url, run }) => {
      await run(`${tablesOfOthers} ${hiddenCluster}`);
      await withRole(url, async (other, asOther) => {
        await run(
          `grant usage on schema public to ${other}; grant select on clusters to ${other};
           alter table clusters enable row level security;
           create policy theirs on clusters to ${other} using (cluster_name = 'Old')`,
        );
        await quietly(url);
        expect((await asOther("select cluster_name from clusters")).rows).toEqual([
          { cluster_name: "Old" },
        ]);
      });
    });
  });

  it.each([
    ["without row security", ""],
    ["under policies for others", "enable row level security; create policy theirs on clusters to"],
    [
      "under a policy that only takes away",
      `enable row level security; create policy strict on clusters as restrictive using (cluster_name = 'Old');
       create policy theirs on clusters to`,
    ],
  ])("leave the owner of a table %s every row, to read and to write", async (_how, security) => {
    await withDatabase(async ({ url, run, query }) => {
      await run(`${tablesOfOthers} ${hiddenCluster}`);
      await withRole(url, async (owner, asOwner) => {
        await run(
          `grant usage, create on schema public to ${owner}; alter table clusters owner to ${owner};
           grant references, select on profiles to ${owner}`,
        );
        if (security !== "") await run(`alter table clusters ${security} public using (false)`);
        await quietly(url);
        const names = "select cluster_name from clusters order by cluster_name";
        expect((await asOwner(names)).rows).toEqual([
          { cluster_name: "Hidden" },
          { cluster_name: "Old" },
        ]);
        expect((await asOwner("update clusters set description = 'theirs'")).rowCount).toBe(2);
        const added = `insert into clusters (id, profile_id, cluster_name, start_date, end_date)
          select gen_random_uuid(), id, 'New', now(), now() from profiles`;
        expect((await asOwner(added)).rowCount).toBe(1);
        expect((await asOwner("delete from clusters where cluster_name = 'Hidden'")).rowCount).toBe(
          1,
        );
        expect(await query(names)).toEqual([{ cluster_name: "New" }, { cluster_name: "Old" }]);
      });
    });
  });

  it("let an owner that others' policies bind see no more than before", async () => {
    await withDatabase(async ({ url, run }) => {
      await run(`${tablesOfOthers} ${hiddenCluster}`);
      await withRole(url, async (owner, asOwner) => {
        await run(
          `grant usage, create on schema public to ${owner}; alter table clusters owner to ${owner};
           alter table clusters enable row level security; alter table clusters force row level security;
           create policy theirs on clusters using (cluster_name = 'Old')`,
        );
        await quietly(url);
        expect((await asOwner("select cluster_name from clusters")).rows).toEqual([
          { cluster_name: "Old" },
        ]);
      });
    });
  });

  it("show nothing to an owner that speaks as the application does, so that running it as one leaks nothing", async () => {
    await withDatabase(async ({ url, run, query }) => {
      await run(tablesOfOthers);
      await withRole(url, async (owner, asOwner) => {
        await run(`grant usage, create on schema public to ${owner}`);
        await quietly(url);
        const tables = (await query(fencedTables)).map(({ name }) => String(name));
        expect(tables).toEqual(expect.arrayContaining(["clusters", "payments", "promotion_codes"]));
        for (const table of tables) await run(`alter table ${table} owner to ${owner}`);
        for (const scope of ["tenant", "public", "system"])
          for (const table of tables) {
            const { rows } = await asOwner(
              `select from ${table}`,
              `select set_config('waro.scope', '${scope}', false),
                 set_config('waro.profile_id', '00000000-0000-4000-8000-0000000000f1', false)`,
            );
            expect(rows, `${table} as ${scope}`).toEqual([]);
          }
        expect((await asOwner("select from clusters")).rows).toHaveLength(1);
      });
    });
  });

  it("give the application a role that owns nothing, cannot bypass row security and may not delete", async () => {
    const role = await once(
      inject("databaseUrl"),
      "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'waro_app'",
    );
    expect(role).toEqual([
      { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false },
    ]);
    const rights = await once(
      inject("databaseUrl"),
      `select table_name from information_schema.role_table_grants
       where grantee = 'waro_app' and privilege_type in ('DELETE', 'TRUNCATE')`,
    );
    expect(rights).toEqual([]);
  });

  it("put every table the application may touch under forced row security, and every view under its reader's", async () => {
    const open = await once(
      inject("databaseUrl"),
      `select distinct pg_class.relname from pg_class, aclexplode(pg_class.relacl) as granted
       where granted.grantee = 'waro_app'::regrole and case pg_class.relkind
         when 'v' then not coalesce('security_invoker=true' = any (pg_class.reloptions), false)
         else not (pg_class.relrowsecurity and pg_class.relforcerowsecurity) end`,
    );
    expect(open).toEqual([]);
  });

  it("only ever add", () => {
    for (const name of readdirSync("migrations")) {
      const statements = readFileSync(`migrations/${name}`, "utf8").replaceAll(/--.*$/gm, "");
      expect(statements, name).not.toMatch(/\b(drop|truncate|delete\s+from|rename)\b/i);
    }
  });
});
