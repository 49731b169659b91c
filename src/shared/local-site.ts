// Which sites are on the developer's own machine. They have no certificate.

const LOCAL = /^(?:(?:[\w-]+\.)*localhost|127\.0\.0\.1)(?::\d+)?$/;

/** `site`: a host in lower case, with its port where it has one. */
export function isLocalSite(site: string): boolean {
  return LOCAL.test(site);
}
