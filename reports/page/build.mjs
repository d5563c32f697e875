// SPDX-License-Identifier: Apache-2.0
// Builds the page and writes it, with a content-security policy that names its own script and style by hash.
// usage: node build.mjs [output file]        default: ../page_template.html
import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? join(here, '..', 'page_template.html'));

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// The text between the tags of the only element of that name.
function only(page, tag) {
  const found = [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))];
  if (found.length !== 1) throw new Error(`${found.length} <${tag}> elements in the built page, 1 expected`);
  return found[0][1];
}

const folder = mkdtempSync(join(tmpdir(), 'plumb-page-'));
await build({root: here, configFile: join(here, 'vite.config.js'), build: {outDir: folder, emptyOutDir: true}});
let page = readFileSync(join(folder, 'index.html'), 'utf8');
rmSync(folder, {recursive: true});

const policy = [
  "default-src 'none'",
  `script-src ${hashOf(only(page, 'script'))}`,
  `style-src ${hashOf(only(page, 'style'))}`,
  "media-src blob: 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
page = page.replace('<meta charset="utf-8">',
  () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`);

for (const marker of ['<!--plumb:title-->', '<!--plumb:data-->', policy]) {
  if (page.split(marker).length !== 2) throw new Error(`the built page must have ${marker} once`);
}
writeFileSync(output, page);
console.log(`${output}: ${page.length} bytes`);
