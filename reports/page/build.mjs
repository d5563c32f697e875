// SPDX-License-Identifier: Apache-2.0
// Builds the page and its 3D viewer and writes both. The page's content-security policy names its own script and style
// and the viewer by hash: a report gets the viewer only when it shows something in 3D.
// usage: node build.mjs [folder]        default: .. (page_template.html, page_viewer.js)
import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, '..'));

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const licenceOf = (name) => readFileSync(join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim();

// The text between the tags of the only element of that name.
function only(page, tag) {
  const found = [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))];
  if (found.length !== 1) throw new Error(`${found.length} <${tag}> elements in the built page, 1 expected`);
  return found[0][1];
}

// Runs one build and gives back one of its files.
async function built(file, options) {
  const scratch = mkdtempSync(join(tmpdir(), 'plumb-page-'));
  await build({root: here, ...options, build: {...options.build, outDir: scratch, emptyOutDir: true}});
  const text = readFileSync(join(scratch, file), 'utf8');
  rmSync(scratch, {recursive: true});
  return text;
}

// A classic script that lies in the page as inert text until it is needed, so it may not end its element.
async function buildViewer() {
  const lib = {entry: join(here, 'viewer', 'viewer.js'), formats: ['iife'], name: 'plumbViewer', fileName: () => 'viewer.js'};
  const code = await built('viewer.js', {configFile: false, logLevel: 'warn', build: {target: 'es2022', lib}});
  const viewer = `/*! three.js\n${licenceOf('three')}\n*/\n${code.replace('var plumbViewer', 'window.plumbViewer')}`;
  if (/<\/script|<!--|\r|\0/i.test(viewer)) throw new Error('the viewer has text that can’t stand in a script element');
  if (!viewer.includes('window.plumbViewer=')) throw new Error('the viewer does not give its name to the window');
  return viewer;
}

async function buildPage(viewer) {
  const page = await built('index.html', {configFile: join(here, 'vite.config.js')});
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(only(page, 'script'))} ${hashOf(viewer)}`,
    `style-src ${hashOf(only(page, 'style'))}`,
    "media-src blob: 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const notices = ['preact', 'uplot'].map((name) => `${name}\n${licenceOf(name)}`).join('\n\n');
  if (notices.includes('--')) throw new Error('a licence has text that can’t stand in a comment');
  const whole = page.replace('<meta charset="utf-8">', () =>
    `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n<!-- ${notices} -->`);
  for (const marker of ['<!--plumb:title-->', '<!--plumb:data-->', '<!--plumb:viewer-->', policy]) {
    if (whole.split(marker).length !== 2) throw new Error(`the built page must have ${marker} once`);
  }
  return whole;
}

const viewer = await buildViewer();
const page = await buildPage(viewer);
for (const [name, text] of Object.entries({'page_template.html': page, 'page_viewer.js': viewer})) {
  writeFileSync(join(folder, name), text);
  console.log(`${join(folder, name)}: ${text.length} bytes`);
}
