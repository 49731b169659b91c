// Opaque page cursors: the sort keys of the last row, as base64url JSON.

import type * as z from "zod";

export function encodeCursor(keys: readonly string[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(keys));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The keys of a cursor with the given shape; null when it is not one of ours. */
export function decodeCursor<Keys>(cursor: string, shape: z.ZodType<Keys>): Keys | null {
  try {
    const text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
