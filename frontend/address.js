/** Which addresses of a source may be followed: our own paths, and https. Everything else is treated as if there were none. */

/**
 * @param {string | null | undefined} address what the server said
 * @param {string} [page] the address of this page
 * @returns {{ href: string, own: boolean } | null} `own`: on the server that the page came from
 */
export function safeAddress(address, page = document.baseURI) {
  if (!address) return null;
  const here = new URL(page);
  let there;
  try {
    there = new URL(address, here);
  } catch {
    return null;
  }
  // Browsers read "/\host" and "/<tab>/host" as another host: only what the parser made of it counts.
  if (address.startsWith("/")) return there.origin === here.origin ? { href: there.href, own: true } : null;
  return there.protocol === "https:" && /^https:\/\//i.test(address) ? { href: there.href, own: there.origin === here.origin } : null;
}
