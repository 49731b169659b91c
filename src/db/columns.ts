// How the driver's column values are read: numerics and bigints arrive as text, times as dates.

import * as z from "zod";
import { decimalToCents } from "../shared/money.ts";

/** numeric(14,2) as integer minor units. */
export const centsColumn = z.string().transform(decimalToCents);

/** timestamptz. */
export const timeColumn = z.date();

/** As what somebody works for an organizer. */
export const roleColumn = z.enum(["owner", "manager", "finance", "gate"]);
export type MemberRole = z.infer<typeof roleColumn>;
