/** Who somebody is, as an identity provider proved it. */
export interface ProvenIdentity {
  /** The provider's own, lasting name for the person. */
  readonly subject: string;
  readonly name: string | null;
  /** Only an address that the provider has verified. */
  readonly verifiedEmail: string | null;
}

/** Sign-in at another house: OpenID Connect, authorisation code with PKCE. */
export interface IdentityProvider {
  /** As the sign-in page calls it. */
  readonly name: string;
  /**
   * Where to send the browser, and a ticket that the same browser must bring back. Throws `sso_unavailable` when the provider
   * does not answer.
   * @param callback address that the provider sends the browser back to
   */
  begin(callback: string): Promise<{ readonly url: string; readonly ticket: string }>;
  /** @param callback with everything that the provider appended. Throws `sso_failed` for anything that is not proven, `sso_unavailable`. */
  finish(callback: string, ticket: string): Promise<ProvenIdentity>;
}
