// Whether two values say the same as JSON, whatever the order of their fields.

/** A field that is absent and one that is undefined are the same. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isContainer(left) || !isContainer(right)) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameJson(Reflect.get(left, name), Reflect.get(right, name)));
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
