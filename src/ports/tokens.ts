// Signed tokens as services see them. Checking one needs no look-up.

/** What a ticket's QR says. */
export interface TicketClaims {
  reservationUnitId: string;
  areaId: string;
  /** Rises when the ticket changes hands; the area admits only the newest. */
  serial: number;
}

export interface TicketTokens {
  /** The short ASCII text of the QR. The same claims always give the same token. */
  sign(claims: TicketClaims): Promise<string>;
  /** Null when the token is not one of ours, however it is wrong. */
  verify(token: string): Promise<TicketClaims | null>;
}

/** Lets the buyer read, pay or release a reservation. */
export interface ReservationClaims {
  reservationId: string;
  profileId: string;
  eventId: string;
  areaIds: readonly string[];
  /** The pools it has a part of: quantities that several areas share. */
  poolIds: readonly string[];
  expiresAtMs: number;
}

export interface ReservationTokens {
  sign(claims: ReservationClaims): Promise<string>;
  verify(token: string, nowMs: number): Promise<ReservationClaims | "forged" | "expired">;
}
