// `npm run organizer` against a running stack's database, as a program: whom it makes, what it refuses, and that its owner can
// sign in.

import { execFile } from "node:child_process";
import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { CARIBE, openTeam } from "../support/members.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);

afterAll(() => shop.close());

interface Ended {
  code: number | string | null;
  text: string;
}

function run(options: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: inject("databaseUrl"), ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, ["dev/organizer.ts", ...options], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), text: `${out}${err}`.trimEnd() });
    });
  });
}

interface Wanted {
  name: string;
  site: string;
  email: string;
}

const newWanted = (): Wanted => {
  const tail = crypto.randomUUID().slice(0, 8);
  return { name: `Teatro ${tail}`, site: `boletas-${tail}.example`, email: newEmail() };
};
const make = ({ name, site, email }: Wanted) =>
  run(["--name", name, "--site", site, "--email", email]);

/** All there is of these organizers, sites and people. */
async function rowsOf(...wanted: Wanted[]) {
  const { rows } = await database.query<{ profile: string; site: string; email: string }>(
    `SELECT profiles.id AS profile, site, email, role FROM profiles
     LEFT JOIN tenant_sites ON tenant_sites.profile_id = profiles.id
     LEFT JOIN profile_members ON profile_members.profile_id = profiles.id
     LEFT JOIN users ON users.id = profile_members.user_id
     WHERE profile_name = ANY ($1) OR site = ANY ($2) OR lower(email) = ANY ($3)
     ORDER BY profile_name, site, email`,
    [
      wanted.map(({ name }) => name),
      wanted.map(({ site }) => site),
      wanted.map(({ email }) => email),
    ],
  );
  return rows;
}

async function signIn({ site, email }: Wanted) {
  const origin = `https://${site}`;
  await team.requestLink(email, { origin });
  const [linkToken = ""] = await team.linkTokens(email);
  return team.exchange(linkToken, { origin });
}

describe("the organizer command", () => {
  test("makes an organizer whose owner signs in on its site by a mailed link, and says how", async () => {
    const wanted = newWanted();
    const { code, text } = await make(wanted);
    expect(code).toBe(0);
    const { name, site, email } = wanted;
    expect(text).toContain(`${name} is there: its site is ${site}, its owner ${email}.`);
    expect(text).toContain(`/v1/auth/magic-links -H 'origin: https://${site}'`);
    expect(text).toContain(`{"email":"${email}"}`);

    const opened = await signIn(wanted);
    expect(opened).toMatchObject({ status: 201, body: { organizer: { name }, role: "owner" } });
    const { token } = z.looseObject({ token: z.string() }).parse(opened.body);
    const event = {
      name: "Estreno",
      starts_at: "2031-03-19T20:00:00-05:00",
      ends_at: "2031-03-20T02:00:00-05:00",
    };
    expect((await call("POST", "/v1/events", { token, body: event })).status).toBe(201);
    const listed = await call("GET", "/v1/events", { token });
    expect(listed.body).toMatchObject({ events: [{ name: "Estreno" }] });
  });

  test("makes nothing a second time, however often and in whatever case it is asked", async () => {
    const wanted = newWanted();
    const first = await Promise.all([make(wanted), make(wanted), make(wanted)]);
    expect(first.map(({ code }) => code)).toEqual([0, 0, 0]);
    const before = await rowsOf(wanted);
    expect(before).toMatchObject([{ site: wanted.site, email: wanted.email, role: "owner" }]);
    const shouted = { ...wanted, site: wanted.site.toUpperCase(), email: ` ${wanted.email} ` };
    const again = await make(shouted);
    expect(again).toMatchObject({ code: 0, text: expect.stringContaining("nothing changed") });
    expect(await rowsOf(wanted)).toEqual(before);
  });

  test("gives the same name and owner one more site, and one person a second organizer", async () => {
    const first = newWanted();
    await make(first);
    const [made] = await rowsOf(first);
    const more = { ...first, site: newWanted().site };
    expect((await make(more)).text).toContain("has one more site");
    const second = { ...newWanted(), email: first.email };
    expect((await make(second)).code).toBe(0);
    const rows = await rowsOf(first, more, second);
    expect(rows.map(({ site }) => site).toSorted()).toEqual(
      [first.site, more.site, second.site].toSorted(),
    );
    const profileOf = (site: string) => rows.find((row) => row.site === site)?.profile;
    expect(profileOf(more.site)).toBe(made?.profile);
    expect(profileOf(second.site)).not.toBe(made?.profile);
    const { rows: people } = await database.query("SELECT FROM users WHERE email = $1", [
      first.email,
    ]);
    expect(people).toHaveLength(1);
  });

  test("makes nobody an owner of what is there already, and leaves no half behind", async () => {
    const known = newWanted();
    await make(known);
    const before = await rowsOf(known);
    const ofAnother = `The site ${known.site} belongs to another organizer, ${known.name};`;
    const refusals = [
      [{ ...known, name: "Teatro Ajeno", email: newEmail() }, ofAnother],
      [{ ...known, name: "Teatro Ajeno" }, ofAnother],
      [{ ...known, email: newEmail() }, "an owner invites others with POST /v1/team"],
    ] as const;
    for (const [other, sentence] of refusals) {
      const { code, text } = await make(other);
      expect(code).toBe(1);
      expect(text).toContain(sentence);
    }
    expect(await rowsOf(known)).toEqual(before);
    await database.query("UPDATE tenant_sites SET is_active = false WHERE site = $1", [known.site]);
    expect(await make(known)).toMatchObject({
      code: 1,
      text: expect.stringContaining("switched off"),
    });
    const seeded = await make({ ...newWanted(), site: "localhost" });
    expect(seeded).toMatchObject({ code: 1, text: expect.stringContaining(CARIBE.name) });
    const { rows } = await database.query(
      "SELECT FROM profiles WHERE profile_name = 'Teatro Ajeno'",
    );
    expect(rows).toEqual([]);
  });

  test.each([
    ["--site", "https://boletas.ejemplo.co"],
    ["--site", "boletas.ejemplo.co/auth"],
    ["--site", "ana@ejemplo.co"],
    ["--site", "boletas"],
    ["--site", "boletas-.ejemplo.co"],
    ["--site", "boletas .ejemplo.co"],
    ["--site", ""],
    ["--email", "ana"],
    ["--email", "ana@"],
    ["--email", "ana@ejemplo"],
    ["--name", " "],
    ["--name", "Teatro\nEjemplo"],
  ])("says what is wrong with %s %j, and makes nothing", async (option, value) => {
    const wanted = newWanted();
    const options = { "--name": wanted.name, "--site": wanted.site, "--email": wanted.email };
    const { code, text } = await run(Object.entries({ ...options, [option]: value }).flat());
    expect(code).toBe(1);
    expect(text).toContain(`${option} is `);
    expect(text).toMatch(/such as/);
    expect(await rowsOf(wanted)).toEqual([]);
  });

  test("says what it takes when something is missing or not known", async () => {
    const { name, site, email } = newWanted();
    for (const options of [
      [],
      ["--name", name, "--site", site],
      ["--name", name, "--site", site, "--email", email, "--role", "gate"],
    ]) {
      const { code, text } = await run(options);
      expect(code).toBe(1);
      expect(text).toContain("npm run organizer -- --name");
    }
  });

  test("says what is wrong with a database that does not let it, or is none", async () => {
    const wanted = newWanted();
    const options = ["--name", wanted.name, "--site", wanted.site, "--email", wanted.email];
    const asWorker = inject("workerVariables")["DATABASE_URL"] ?? "";
    expect(await run(options, { DATABASE_URL: asWorker })).toMatchObject({
      code: 1,
      text: expect.stringContaining("DATABASE_URL must be the owner of the tables"),
    });
    expect(await run(options, { DATABASE_URL: "mysql://localhost/db" })).toMatchObject({
      code: 1,
      text: expect.stringContaining("DATABASE_URL is no Postgres address"),
    });
    expect(
      await run(options, { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/db" }),
    ).toMatchObject({ code: 1, text: expect.stringContaining("cannot be reached") });
    expect(await rowsOf(wanted)).toEqual([]);
  });
});
