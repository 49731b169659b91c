// What goes in front of the codes of a copied event's promotions, at random: `K7QX-`.

/** Without those that are taken for one another. */
const CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH = 4;

export function newCodeFront(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  // 256 is a multiple of their number: none is more likely than another.
  return `${Array.from(bytes, (byte) => CHARACTERS.charAt(byte % CHARACTERS.length)).join("")}-`;
}
