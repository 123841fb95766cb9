/**
 * What of an address may be shown: without user and password, query and fragment. The text need not be a whole address; where it cannot be
 * told what is secret in it, only its beginning is left.
 */
export function withoutCredentials(address: string): string {
  const [scheme = ''] = /^\s*[a-z][\w+.-]*:\/\//iu.exec(address) ?? [];
  const at = address.lastIndexOf('@');
  if (/[?#]/u.test(address.slice(0, Math.max(at, 0)))) return `${scheme}...`;
  const rest = at < 0 ? address.slice(scheme.length) : address.slice(at + 1);
  return `${scheme}${rest.replace(/[?#].*$/su, '')}`;
}
