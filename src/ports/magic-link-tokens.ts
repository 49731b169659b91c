// The secret that a sign-in link carries.

export interface MagicLinkTokens {
  /** Always the same 256 bits for the same link, and nobody's guess without this deployment's secret. */
  of(linkId: string): Promise<string>;
}
