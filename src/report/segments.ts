/** A path as part of an address: nothing in a name is taken for a scheme, a query, an escape or the end. */
export function pathSegments(file: string): string {
  return file
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
}
