// Every refusal a service can answer, as one closed union. `http/problem.ts` maps each code to a status and two
// languages; a code that is not mapped does not compile.

import type { Refusal as InventoryRefusal } from "../../durable-objects/area-inventory/contract.ts";
import type { NoticeRefusal } from "../ports/payments.ts";
import type { FieldRule } from "./field-rules.ts";
import type { ImageRefusal } from "./images/clean-image.ts";
import type { CsvRefusal } from "./units/unit-csv.ts";

/** One of our own rules, or whatever zod found, said in both languages. `path` such as `body.items.0.quantity`. */
export type FieldError =
  | { path: string; rule: FieldRule }
  | { path: string; code: string; text: { es: string; en: string } };

export type Refusal =
  | InventoryRefusal
  | { code: NoticeRefusal }
  | { code: "malformed_json" }
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "body_too_large"; max_bytes: number }
  | { code: "unsupported_media_type" }
  | { code: "route_not_found" }
  | { code: "upgrade_required" }
  | { code: "internal_error" }
  | { code: "service_overloaded" }
  | { code: "database_unavailable" }
  | { code: "gateway_unavailable" }
  | { code: "session_required" }
  | { code: "session_invalid" }
  | { code: "role_not_allowed" }
  | { code: "scope_not_allowed"; permission: string }
  | { code: "origin_not_allowed" }
  | { code: "magic_link_invalid" }
  | { code: "session_not_found" }
  | { code: "rate_limited"; retry_after_seconds: number }
  | { code: "member_not_found" }
  | { code: "invitation_not_found" }
  | { code: "already_member" }
  | { code: "last_owner" }
  | { code: "invitations_too_many"; max: number }
  | { code: "organizer_without_site" }
  | { code: "api_token_not_found" }
  | { code: "api_tokens_too_many"; max: number }
  | { code: "reservation_token_required" }
  | { code: "reservation_token_forged" }
  | { code: "reservation_token_expired" }
  | { code: "idempotency_key_invalid" }
  | { code: "site_unknown" }
  | { code: "event_not_found" }
  | { code: "area_not_found" }
  | { code: "reservation_not_found" }
  | { code: "payment_not_found" }
  | { code: "ticket_not_found" }
  | { code: "ticket_not_ready" }
  | { code: "ticket_forged" }
  | { code: "slug_taken" }
  | { code: "area_name_taken" }
  | { code: "unit_labels_taken"; labels: readonly string[]; lines?: readonly number[] }
  | CsvRefusal
  | ImageRefusal
  | { code: "image_not_found" }
  | { code: "images_too_many"; max: number }
  | { code: "image_upload_not_found" }
  | { code: "image_upload_missing" }
  | { code: "image_upload_expired" }
  | { code: "direct_uploads_off" }
  | { code: "media_not_found" }
  | { code: "range_not_satisfiable" }
  | { code: "units_too_many"; max: number }
  | { code: "sale_stage_not_found" }
  | { code: "sale_stages_too_many"; max: number }
  | { code: "promotion_not_found" }
  | { code: "promotions_too_many"; max: number }
  | { code: "promotion_code_taken" }
  | { code: "promotion_without_codes" }
  | { code: "promotion_codes_limited"; retry_after_seconds: number }
  | { code: "inventory_behind" }
  | { code: "areas_untold" }
  | { code: "event_ended" }
  | { code: "event_without_units" }
  | { code: "event_not_started" }
  | { code: "event_on_sale" }
  | { code: "event_status_not_allowed"; eventStatus: string; allowed: readonly string[] }
  | { code: "event_has_sales"; sold: number; held: number; payments: number }
  | {
      code: "area_has_sales";
      sold: number;
      held: number;
      payments: number;
      /** Those that may not change; absent: the area may not go. */
      fields?: readonly string[];
    }
  | { code: "precondition_failed" }
  | { code: "legal_info_not_found" }
  | { code: "legal_info_required"; missing: readonly string[] }
  | { code: "amount_too_small"; min_in_cents: number };

export type RefusalCode = Refusal["code"];
