// What an event lacks before the law lets it be sold. Law 1493 of 2011 asks it of the performing arts: who produces the show,
// and its code in the register of public shows (PULEP). Pure.

import type { Event } from "../../db/events-repository.ts";
import type { LegalInfo } from "../../db/legal-info-repository.ts";

/** Music, theatre, dance, circus and magic, alone or as a festival. */
export const performingArts: readonly string[] = ["concert", "theater", "festival"];

const required = ["nit", "legalName", "address", "city", "country"] as const;

export type MissingLegalInfo = (typeof required)[number] | "pulepCode";

/** Empty when the event may be sold. */
export function missingLegalInfo(
  { type, pulepCode }: Pick<Event, "type" | "pulepCode">,
  info: LegalInfo | null,
): MissingLegalInfo[] {
  if (!performingArts.includes(type)) return [];
  const isEmpty = (value: string | null | undefined) => value === null || (value ?? "") === "";
  const missing: MissingLegalInfo[] = required.filter((field) => isEmpty(info?.[field]));
  return isEmpty(pulepCode ?? info?.pulepCode) ? [...missing, "pulepCode"] : missing;
}
