// Fresh organizers with a site of their own on the stack that serves the test run. Asserts nothing.

import type pg from "pg";
import { signInAs } from "./pricing.ts";
import type { Shop } from "./shop.ts";
import { openStackShop } from "./stack-shop.ts";

export interface Organizer {
  profileId: string;
  name: string;
  /** Of the page that buyers and members use. */
  origin: string;
  /** An owner's. */
  token: string;
  /** As its owner. */
  shop: Shop;
}

/** Made with `shop`'s database. Its own shop is to be closed. */
export async function newOrganizer(shop: Shop): Promise<Organizer> {
  const token = await signInAs(shop, "owner");
  const [found] = await rowsOf<{ id: string; name: string }>(
    shop.database,
    "SELECT id, profile_name AS name FROM profiles WHERE profile_name = 'Organizador ' || $1",
    [token],
  );
  if (found === undefined) throw new Error("no organizer was made");
  const host = `sitio-${found.id.slice(0, 13)}.example`;
  await shop.database.query("INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [
    host,
    found.id,
  ]);
  return {
    profileId: found.id,
    name: found.name,
    origin: `https://${host}`,
    token,
    shop: openStackShop(token),
  };
}

async function rowsOf<Row extends pg.QueryResultRow>(
  database: pg.Pool,
  text: string,
  parameters: unknown[],
): Promise<Row[]> {
  return (await database.query<Row>(text, parameters)).rows;
}
