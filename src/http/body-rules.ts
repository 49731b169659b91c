// What a request's body may be, by path: JSON of some kilobytes, except where files come in. Knows no resource's content.

export interface BodyRule {
  bytesMax: number;
  /** By its media type without parameters, in lower case. */
  accepts: (mediaType: string) => boolean;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const json: BodyRule = {
  bytesMax: 64 * KIBIBYTE,
  accepts: (mediaType) => mediaType === "application/json",
};
/** Gateways choose their own media type. */
const webhook: BodyRule = { bytesMax: json.bytesMax, accepts: () => true };
/** A hundred thousand lines, with labels. */
const csv: BodyRule = { bytesMax: 8 * MEBIBYTE, accepts: (mediaType) => mediaType === "text/csv" };

/** A telephone's photo; larger ones are sent to the store directly. What it is, its bytes say. */
const image: BodyRule = {
  bytesMax: 10 * MEBIBYTE,
  accepts: (mediaType) =>
    mediaType.startsWith("image/") || mediaType === "application/octet-stream",
};

/** Runs for every request: no pattern is tried where a comparison does. */
export function bodyRuleOf(path: string): BodyRule {
  if (path.startsWith("/v1/webhooks/")) return webhook;
  if (path.endsWith("/units/csv")) return csv;
  return path.endsWith("/images") ? image : json;
}
