import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What every test starts Chromium with: no sandbox for root, no GPU, and nothing that asks the network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium; STEERMOE_CHROMIUM names another one. Installs Debian's where apt may, else says what is missing. */
export function chromiumPath() {
  const found = findChromium();
  if (found) return found;
  const root = process.getuid?.() === 0;
  const apt = root && existsSync('/usr/bin/apt-get');
  if (apt) {
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']])
      spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
        stdio: 'ignore',
        timeout: 900_000,
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    `The webview tests need Chromium, and ${apt ? 'apt could not install it' : 'there is none here'}: ` +
      'install it (Debian: sudo apt-get install chromium) or name one in STEERMOE_CHROMIUM.',
  );
}

function findChromium() {
  const named = process.env['STEERMOE_CHROMIUM'];
  const places = named ? [named] : PLACES;
  // A path that is there but does not start (half installed) does not count.
  return places.find((path) => {
    try {
      return existsSync(path) && execFileSync(path, ['--version'], { stdio: 'pipe', timeout: 60_000 }).length > 0;
    } catch {
      return false;
    }
  });
}
