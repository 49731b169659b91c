// What each rule of a field says to people, in both languages. A rule of `shared/field-rules.ts` that is missing here does not
// compile. Data only.

import type { FieldRule } from "../shared/field-rules.ts";
import type { Text } from "./problem-text.ts";

export const fieldTexts: Record<FieldRule, Text> = {
  not_after_starts_at: { es: "debe ser posterior a starts_at", en: "must be after starts_at" },
  not_before_ends_at: { es: "debe ser anterior a ends_at", en: "must be before ends_at" },
  not_after_sales_start_at: {
    es: "debe ser posterior a sales_start_at",
    en: "must be after sales_start_at",
  },
  not_in_the_future: { es: "debe estar en el futuro", en: "must be in the future" },
  before_from: { es: "no puede ser anterior a from", en: "must not be before from" },
  below_from: { es: "no puede ser menor que from", en: "must not be below from" },
  other_kind_than_from: {
    es: "debe ser del mismo tipo que from",
    en: "must be of the same kind as from",
  },
  year_not_2000_to_2100: {
    es: "debe estar entre los años 2000 y 2100",
    en: "must be between the years 2000 and 2100",
  },
  year_not_2000_to_2200: {
    es: "debe estar entre los años 2000 y 2200",
    en: "must be between the years 2000 and 2200",
  },
  given_with_code_prefix: {
    es: "no se envía junto con code_prefix",
    en: "is not given together with code_prefix",
  },
  given_with_event_id: {
    es: "no se envía junto con event_id",
    en: "is not given together with event_id",
  },
  only_for_percentages: { es: "es solo para porcentajes", en: "is for percentages" },
  needs_code: { es: "necesita code o code_prefix", en: "needs a code or a code_prefix" },
  nothing_to_change: {
    es: "indique al menos un campo que cambiar",
    en: "name at least one field to change",
  },
  unstorable_character: {
    es: "contiene un carácter que no se puede guardar",
    en: "holds a character nobody can store",
  },
  control_character: {
    es: "no puede contener caracteres de control",
    en: "may not hold control characters",
  },
  not_a_cursor: { es: "no es un cursor de esta lista", en: "is not a cursor of this list" },
  not_a_nit: {
    es: "no es un NIT con su dígito de verificación",
    en: "is no NIT with its check digit",
  },
  not_a_pulep_code: { es: "de 3 a 20 letras, dígitos o -", en: "3 to 20 letters, digits or -" },
  not_a_country_code: {
    es: "un código ISO 3166 de dos letras",
    en: "an ISO 3166 code of two letters",
  },
  not_a_slug: {
    es: "letras minúsculas, dígitos y guiones sueltos",
    en: "lower-case letters, digits and single dashes",
  },
  not_a_time_zone: {
    es: "una zona horaria IANA, como America/Bogota",
    en: "an IANA time zone, such as America/Bogota",
  },
  not_a_document_number: {
    es: "de 4 a 20 letras, dígitos o guiones",
    en: "4 to 20 letters, digits or dashes",
  },
  not_a_phone: {
    es: "de 7 a 12 dígitos, sin el prefijo del país",
    en: "7 to 12 digits, without the country prefix",
  },
  not_a_phone_prefix: { es: "como +57", en: "such as +57" },
  not_a_promotion_code: {
    es: "de 3 a 40 letras, dígitos, - o _",
    en: "3 to 40 letters, digits, - or _",
  },
  not_a_code_prefix: {
    es: "de 2 a 20 letras, dígitos, - o _",
    en: "2 to 20 letters, digits, - or _",
  },
  not_a_page: {
    es: "debe ser un número entero de 0 a 9999",
    en: "must be a whole number from 0 to 9999",
  },
  not_letters: { es: "de una a tres letras", en: "one to three letters" },
  not_a_row_name: {
    es: "debe ser un número o hasta tres letras",
    en: "must be a number or up to three letters",
  },
  names_area_twice: { es: "nombra dos veces una localidad", en: "names an area twice" },
  names_unit_twice: { es: "nombra dos veces una silla o entrada", en: "names a unit twice" },
  names_scope_twice: { es: "nombra dos veces un permiso", en: "names a scope twice" },
  none_of_these_rows: { es: "no es ninguna de estas filas", en: "is none of these rows" },
  none_of_these_numbers: { es: "no es ninguno de estos números", en: "is none of these numbers" },
  leaves_no_row: { es: "no deja ninguna fila", en: "leaves no row" },
  leaves_no_number: { es: "no deja ningún número", en: "leaves no number" },
  seats_or_quantity: {
    es: "o rows y numbers, para sillas, o quantity, para entrada general",
    en: "either rows and numbers, for seats, or quantity, for general admission",
  },
};
