// For changes that Postgres has already when their way to the area's object begins: a failure on
// that way must not be answered as if nothing had changed. Publishing the event again brings the
// object up to date.

/** False when the push failed, which is logged by name only. */
export async function tryToPush(areaId: string, push: () => Promise<void>): Promise<boolean> {
  try {
    await push();
    return true;
  } catch (error) {
    const { name, stack } = error instanceof Error ? error : { name: "unknown", stack: undefined };
    console.error("the area's inventory is behind Postgres", { areaId, name, stack });
    return false;
  }
}
