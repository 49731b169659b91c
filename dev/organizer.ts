// `npm run organizer`: a new organizer with its site and its owner, who then signs in by a mailed link like everybody.
//   --name "Teatro Ejemplo"       as buyers read it
//   --site boletas.ejemplo.co     the host of its pages, with its port where it has one
//   --email ana@ejemplo.co        its owner's; everybody else is invited over the API
// Writes to the database in DATABASE_URL, as the owner of its tables, else to that of the running local stack. The same again
// changes nothing; another site for the same name and owner is one more site of theirs. It never makes somebody an owner of an
// organizer that is there already.

import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { isLocalSite } from "../src/shared/local-site.ts";
import { Problem, sentenceFor } from "./problem.ts";
import { findRunningStack } from "./running-stack.ts";
import { checkDatabaseUrl } from "./settings.ts";

interface Organizer {
  name: string;
  site: string;
  email: string;
}

interface Place {
  databaseUrl: string;
  /** Of the local stack; elsewhere nobody knows it here. */
  api: string | null;
  mail: string | null;
}

const usage =
  'npm run organizer -- --name "Teatro Ejemplo" --site boletas.ejemplo.co --email ana@ejemplo.co';

function readOptions(): Organizer {
  try {
    const { name, site, email } = parseArgs({
      options: { name: { type: "string" }, site: { type: "string" }, email: { type: "string" } },
    }).values;
    if (name !== undefined && site !== undefined && email !== undefined)
      return { name: nameIn(name), site: hostIn(site), email: emailIn(email) };
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown;
  }
  throw new Problem(`It takes a name, a site and an e-mail address: ${usage}`);
}

function nameIn(text: string): string {
  const name = text.trim();
  if (/^[^\p{Cc}]{1,120}$/u.test(name)) return name;
  throw new Problem("--name is one line of 1 to 120 characters, such as Teatro Ejemplo.");
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::\d+)?$/;

/** As browsers write it in `Origin`: in lower case, accents as punycode, without the port that https has anyway. */
function hostIn(text: string): string {
  const address = `https://${text.trim()}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  // Whoever pasted an address is told so, rather than guessed at.
  const isHost = url !== null && !/[/\\?#@]/.test(text);
  if (isHost && (HOST.test(url.host) || isLocalSite(url.host))) return url.host;
  throw new Problem(
    `--site is a host alone, such as boletas.ejemplo.co, without https:// and without a path; ${text} is none.`,
  );
}

function emailIn(text: string): string {
  const { data } = z.string().trim().toLowerCase().max(254).pipe(z.email()).safeParse(text);
  if (data !== undefined) return data;
  throw new Problem(`--email is an e-mail address, such as ana@ejemplo.co; ${text} is none.`);
}

async function findPlace(): Promise<Place> {
  const databaseUrl = process.env["DATABASE_URL"]?.trim() ?? "";
  if (databaseUrl !== "")
    return { databaseUrl: checkDatabaseUrl(databaseUrl, "DATABASE_URL"), api: null, mail: null };
  const stack = await findRunningStack();
  if (stack === null)
    throw new Problem(
      "No stack is running: `npm start` starts one, DATABASE_URL names another database, as the owner of its tables.",
    );
  return { databaseUrl: stack.database, api: stack.api, mail: stack.mail };
}

const siteRow = z.object({
  profile_name: z.string().nullable(),
  is_active: z.boolean(),
  is_owner: z.boolean(),
});
const profileRow = z.object({ id: z.string() });

/** Whether somebody is an owner of `profiles`; `$2` is the address. */
const IS_OWNER = `EXISTS (SELECT FROM profile_members JOIN users ON users.id = profile_members.user_id
  WHERE profile_members.profile_id = profiles.id AND role = 'owner' AND removed_at IS NULL AND lower(email) = $2)`;

type Added = "organizer" | "site" | "nothing";

/** All of it, or nothing. */
async function add(client: pg.Client, { name, site, email }: Organizer): Promise<Added> {
  // Two of these at once would both find that there is none.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('waro_tickets_organizer'))");
  const { rows: sites } = await client.query(
    `SELECT profile_name, is_active, coalesce(${IS_OWNER}, false) AS is_owner
     FROM tenant_sites LEFT JOIN profiles ON profiles.id = tenant_sites.profile_id WHERE site = $1`,
    [site, email],
  );
  const known = z.array(siteRow).parse(sites)[0];
  if (known !== undefined) {
    const why = whyNotTheirs(known, { name, site, email });
    if (why !== null) throw new Problem(why);
    return "nothing";
  }
  const { rows: profiles } = await client.query(
    `SELECT id FROM profiles WHERE profile_name = $1 AND ${IS_OWNER} ORDER BY created_at, id LIMIT 1`,
    [name, email],
  );
  const theirs = z.array(profileRow).parse(profiles)[0];
  const profileId = theirs?.id ?? (await addProfile(client, name, email));
  await client.query("INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [
    site,
    profileId,
  ]);
  return theirs === undefined ? "organizer" : "site";
}

/** Null when it is the organizer's own. */
function whyNotTheirs(
  known: z.infer<typeof siteRow>,
  { name, site, email }: Organizer,
): string | null {
  if (known.profile_name !== name)
    return `The site ${site} belongs to another organizer, ${known.profile_name ?? "who is gone"}; take another one.`;
  if (!known.is_owner)
    return `The site ${site} is there, and ${email} is no owner of ${name}: an owner invites others with POST /v1/team.`;
  return known.is_active ? null : `The site ${site} of ${name} is switched off.`;
}

/** Its id. One person may own several. */
async function addProfile(client: pg.Client, name: string, email: string): Promise<string> {
  const { rows } = await client.query(
    `WITH profile AS (INSERT INTO profiles (profile_name) VALUES ($1) RETURNING id),
       added AS (INSERT INTO users (email) VALUES ($2) ON CONFLICT (lower(email)) DO NOTHING RETURNING id),
       person AS (SELECT id FROM added UNION ALL SELECT id FROM users WHERE lower(email) = $2),
       member AS (INSERT INTO profile_members (profile_id, user_id, role)
         SELECT profile.id, person.id, 'owner' FROM profile, person)
     SELECT id FROM profile`,
    [name, email],
  );
  const [profile] = z.tuple([profileRow]).parse(rows);
  return profile.id;
}

async function addTo(databaseUrl: string, organizer: Organizer): Promise<Added> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    await client.query("BEGIN");
    const added = await add(client, organizer);
    await client.query("COMMIT");
    return added;
  } catch (thrown) {
    throw explained(thrown);
  } finally {
    // Ends the transaction too, if it was not committed.
    await client.end().catch(() => undefined);
  }
}

function explained(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof pg.DatabaseError)
    return new Problem(
      `The database did not accept it (${thrown.message}): DATABASE_URL must be the owner of the tables, and \`npm run migrate\` ` +
        "must have made them.",
    );
  return new Problem(
    `The database cannot be reached (${sentenceFor(thrown)}); check DATABASE_URL.`,
  );
}

const sentences: Record<Added, (organizer: Organizer) => string> = {
  organizer: ({ name, site, email }) =>
    `${name} is there: its site is ${site}, its owner ${email}.`,
  site: ({ name, site, email }) => `${name}, of ${email}, has one more site: ${site}.`,
  nothing: ({ name, site, email }) =>
    `${name} was there already, with the site ${site} and the owner ${email}: nothing changed.`,
};

function nextSteps({ site, email }: Organizer, { api, mail }: Place): string[] {
  const origin = `${isLocalSite(site) ? "http" : "https"}://${site}`;
  // An address may have an apostrophe, which would end the shell's own quotes.
  const body = JSON.stringify({ email }).replaceAll("'", String.raw`\u0027`);
  return [
    `Next, ${email} asks for a sign-in link on ${origin}, or here${api === null ? ", with your API's address in API_URL" : ""}:`,
    `  curl -X POST ${api ?? "$API_URL"}/v1/auth/magic-links -H 'origin: ${origin}' ` +
      `-H 'content-type: application/json' -d '${body}'`,
    mail === null
      ? "A site that was asked for before it was there is known a minute later."
      : `The mail is in ${mail}.`,
  ];
}

try {
  const organizer = readOptions();
  const place = await findPlace();
  const added = await addTo(place.databaseUrl, organizer);
  console.log([sentences[added](organizer), ...nextSteps(organizer, place)].join("\n"));
} catch (thrown) {
  console.error(sentenceFor(thrown));
  process.exitCode = 1;
}
