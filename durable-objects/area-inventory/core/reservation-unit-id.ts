// The ids of a reservation's units: the reservation's own id with the unit's number in its last digits. So an id costs
// nothing to make, repeats when the command repeats, and leads back to its reservation without an index.

const NUMBER_DIGITS = 4;

/** Units in one reservation, over all its areas. */
const UNITS_PER_RESERVATION_MAX = 16 ** NUMBER_DIGITS;

export function reservationUnitId(reservationId: string, unitIndex: number): string {
  if (unitIndex < 0 || unitIndex >= UNITS_PER_RESERVATION_MAX)
    throw new Error(`no unit ${unitIndex}`);
  return reservationIdStem(reservationId) + unitIndex.toString(16).padStart(NUMBER_DIGITS, "0");
}

/** What a reservation's id and the ids of its units have in common. */
export function reservationIdStem(id: string): string {
  return id.slice(0, -NUMBER_DIGITS);
}
