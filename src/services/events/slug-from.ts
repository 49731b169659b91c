// An address from a name: "Noche de Salsa & Ñandú" becomes "noche-de-salsa-nandu".

const LENGTH_MAX = 80;

export function slugFrom(name: string): string {
  const slug = name
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LENGTH_MAX)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "evento" : slug;
}
