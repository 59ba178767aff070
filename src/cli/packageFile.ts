import { fileURLToPath } from 'node:url';

/** A file of the package. The bundle lies in dist/, one folder below the package's root. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
