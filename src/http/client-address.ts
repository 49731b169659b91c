// Whom a request comes from, as far as an address can tell.

import type { Context } from "hono";

/** The platform sets it, whatever the client sent. Null where there is no platform in front. */
export function clientNetwork({ req }: Context): string | null {
  const address = req.header("cf-connecting-ip");
  return address === undefined ? null : networkOf(address);
}

/** An IPv4 address as it is; of an IPv6 address the first 64 bits, since whoever has one address has all of those. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [front = "", back] = address.toLowerCase().split("::");
  const groups = front === "" ? [] : front.split(":");
  // `::` stands for as many zeros as are missing.
  const missing =
    back === undefined ? 0 : 8 - groups.length - (back === "" ? 0 : back.split(":").length);
  const whole = [
    ...groups,
    ...Array.from({ length: missing }, () => "0"),
    ...(back ?? "").split(":"),
  ];
  return whole.slice(0, 4).join(":");
}
