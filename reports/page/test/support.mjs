// SPDX-License-Identifier: Apache-2.0
// What the page tests share: sample pages made by the program itself, and a browser to open them in.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.PLUMB_SAMPLE_REPORT ??
  join(here, '../../../build/release/tests/reports/sample_report');
const browserPath = process.env.PLUMB_CHROMIUM ?? '/usr/bin/chromium';

const encode = ['-c:v', 'libx264', '-g', '1', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];

// A folder with sample.html, hostile.html, beside.html (videos as files of their own), empty.html and large.html.
export function makePages() {
  if (!existsSync(program)) throw new Error(`${program} is missing: build the target sample_report, or name it in PLUMB_SAMPLE_REPORT`);
  const folder = mkdtempSync(join(tmpdir(), 'plumb-page-test-'));
  execFileSync(program, ['clips', folder]);
  for (const clip of ['truth', 'half', 'frozen', 'vanish']) {
    const raw = join(folder, `${clip}.rgb`);
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '192x192', '-r', '24', '-i', raw,
      ...encode, join(folder, `${clip}.mp4`)]);
    rmSync(raw);
  }
  const page = (kind) => join(folder, `${kind}.html`);
  for (const kind of ['sample', 'hostile', 'beside']) execFileSync(program, [kind, page(kind), folder]);
  for (const kind of ['empty', 'large']) execFileSync(program, [kind, page(kind)]);
  return {
    path: page,
    url: (kind, hash = '') => pathToFileURL(page(kind)).href + hash,
    remove: () => rmSync(folder, {recursive: true, force: true}),
  };
}

const launchWith = (args) => chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required', ...args],
});

// Without WebGL, and with one that needs no graphics card.
export const launch = () => launchWith(['--disable-gpu', '--disable-3d-apis']);
export const launch3d = () => launchWith(['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']);

// A page that records its errors and refuses the network; `errors` must stay empty.
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: {width: 1280, height: 900}, colorScheme: 'light', offline: true, ...options,
  });
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  page.on('request', (request) => /^https?:/.test(request.url()) && page.errors.push(`network: ${request.url()}`));
  await page.goto(url);
  return page;
}

export const cellUrl = (pages, model, scene, query = '', kind = 'sample') =>
  pages.url(kind, `#/cell/${encodeURIComponent(model)}/${scene}/0${query}`);
