// What can be wrong with a field beyond what zod says by itself, as one closed union. Codes only: clients switch on them, so
// none is ever renamed. `http/field-texts.ts` has the texts.

export type FieldRule =
  | "not_after_starts_at"
  | "not_before_ends_at"
  | "not_after_sales_start_at"
  | "not_in_the_future"
  | "before_from"
  | "below_from"
  | "other_kind_than_from"
  | "year_not_2000_to_2100"
  | "year_not_2000_to_2200"
  | "given_with_code_prefix"
  | "given_with_event_id"
  | "only_for_percentages"
  | "needs_code"
  | "nothing_to_change"
  | "unstorable_character"
  | "control_character"
  | "not_a_cursor"
  | "not_a_nit"
  | "not_a_pulep_code"
  | "not_a_country_code"
  | "not_a_slug"
  | "not_a_time_zone"
  | "not_a_document_number"
  | "not_a_phone"
  | "not_a_phone_prefix"
  | "not_a_promotion_code"
  | "not_a_code_prefix"
  | "not_a_page"
  | "not_letters"
  | "not_a_row_name"
  | "names_area_twice"
  | "names_unit_twice"
  | "names_scope_twice"
  | "none_of_these_rows"
  | "none_of_these_numbers"
  | "leaves_no_row"
  | "leaves_no_number"
  | "seats_or_quantity";

/** In the place of a schema's message: the code that its text is found by. */
export function rule(name: FieldRule): FieldRule {
  return name;
}
