// Whose reservation a buyer's request is about: the signed token in `Reservation-Token`.

import type { MiddlewareHandler } from "hono";
import type { ReservationClaims } from "../ports/tokens.ts";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

type ReservationEnv = AppEnv & { Variables: { reservation: ReservationClaims } };

/** A link in a mail cannot send headers, so `token` in the query serves as well. */
export const requireReservation: MiddlewareHandler<ReservationEnv> = async (context, next) => {
  const token = context.req.header("reservation-token") ?? context.req.query("token");
  if (token === undefined) return answerProblem(context, { code: "reservation_token_required" });
  const { reservationTokens, now } = context.var.dependencies;
  const claims = await reservationTokens.verify(token, now());
  if (claims === "forged") return answerProblem(context, { code: "reservation_token_forged" });
  if (claims === "expired") return answerProblem(context, { code: "reservation_token_expired" });
  context.set("reservation", claims);
  await next();
  return undefined;
};
