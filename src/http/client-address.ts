// Where a request comes from, as far as limits are concerned. Cloudflare sets the header itself, whatever a client sent.

import type { Context } from "hono";

/** An IPv4 address, or the network of an IPv6 one: whoever has one address of a /64 has all of them. */
export function readClientAddress(context: Context): string {
  const address = context.req.header("cf-connecting-ip") ?? "";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  // What `::` stands for are zeros; it stands once, and only zeros of the first half matter here.
  const after = tail?.split(":").filter((group) => group !== "") ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  return [...groups, ...zeros, ...after].slice(0, 4).join(":");
}
