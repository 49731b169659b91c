// The refusal that names what legal information is missing, in the words of the API. Pure.

import type { MissingLegalInfo } from "./missing-legal-info.ts";

const names: Record<MissingLegalInfo, string> = {
  nit: "nit",
  legalName: "legal_name",
  address: "address",
  city: "city",
  country: "country",
  pulepCode: "pulep_code",
};

export interface LegalInfoRefusal {
  code: "legal_info_required";
  missing: readonly string[];
}

export function legalInfoRefusal(missing: readonly MissingLegalInfo[]): LegalInfoRefusal {
  return { code: "legal_info_required", missing: missing.map((field) => names[field]) };
}
