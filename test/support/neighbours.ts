// Two organizers side by side on a running stack: what they make and find, and what either tries on what is the other's.

import { expect } from "vitest";
import { z } from "zod";
import type { CallOptions } from "./api.ts";
import { type Organizer, newOrganizer } from "./organizers.ts";
import { expectProblem } from "./problems.ts";
import type { Shop } from "./shop.ts";
import { restingRows, rowsOf } from "./victim.ts";

const withId = z.looseObject({ id: z.string() });

export interface Neighbour extends Organizer {
  /** Reads and writes the catalog. */
  apiToken: string;
}

/** Their shops are to be closed. */
export async function newNeighbours(shop: Shop): Promise<[Neighbour, Neighbour]> {
  const newNeighbour = async (): Promise<Neighbour> => {
    const organizer = await newOrganizer(shop);
    const body = { name: "Taquilla", scopes: ["catalog.read", "catalog.write"] };
    const answer = await organizer.shop.asOrganizer("POST", "/v1/api-tokens", { body });
    const { token: apiToken } = z.object({ token: z.string() }).parse(answer.body);
    return { ...organizer, apiToken };
  };
  return Promise.all([newNeighbour(), newNeighbour()]);
}

/** The id of what an organizer makes of this, which the answer shows. */
export async function made({ shop }: Neighbour, path: string, body: object): Promise<string> {
  const answer = await shop.asOrganizer("POST", path, { body });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201, body });
  return withId.parse(answer.body).id;
}

/** The ids of what an organizer finds there, in the list of this name. */
export async function listed({ shop }: Neighbour, path: string, name: string): Promise<string[]> {
  const { body } = await shop.asOrganizer("GET", path);
  const list = z.array(withId).parse(z.record(z.string(), z.unknown()).parse(body)[name]);
  return list.map(({ id }) => id);
}

/** Either of them as the one who tries, beside the other. */
export function bothWays<Side>([first, second]: readonly [Side, Side]): [Side, Side][] {
  return [
    [first, second],
    [second, first],
  ];
}

/** A call that names something of somebody else, and the code it is refused with. */
export type Attempt = [code: string, method: string, path: string, options?: CallOptions];

/** With each of these tokens it is as if there were nothing, and not a row of whose it is changes. */
export async function expectNothingFound(
  tokens: readonly string[],
  { shop, profileId }: { shop: Shop; profileId: string },
  attempts: readonly Attempt[],
): Promise<void> {
  const before = await restingRows(shop, profileId);
  for (const token of tokens)
    for (const [code, method, path, options] of attempts) {
      const answer = await shop.call(method, path, { token, ...options });
      expect(answer.body, `${method} ${path}`).toMatchObject({ code });
      expectProblem(answer, 404, code);
    }
  expect(await rowsOf(shop, profileId)).toEqual(before);
}
