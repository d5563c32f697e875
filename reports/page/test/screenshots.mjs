// SPDX-License-Identifier: Apache-2.0
// Pictures of the sample report, to be looked at.   usage: node test/screenshots.mjs FOLDER [REPORT.html]
import {mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {cellUrl, launch, makePages, openPage} from './support.mjs';

const folder = resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, {recursive: true});
const pages = process.argv[3] ? null : makePages();
const base = process.argv[3] ? pathToFileURL(resolve(process.argv[3])).href : pages.url('sample');
const cell = process.argv[3] ? null : cellUrl(pages, 'sabotage:gravity=0.5', 'drop-1', '?f=30');
const browser = await launch();

async function shoot(name, url, options = {}, before = async () => {}) {
  const page = await openPage(browser, url, options);
  if (!url) return;
  await page.waitForTimeout(500);
  await before(page);
  await page.screenshot({path: join(folder, `${name}.png`), fullPage: options.fullPage ?? true});
  if (page.errors.length) console.log(name, page.errors);
  await page.context().close();
}

// The first cell that the table leads to, for a report of which nothing is known.
async function firstCell() {
  const page = await openPage(browser, `${base}#/cells?outcome=done`);
  const href = await page.locator('.cells tbody a').first().getAttribute('href');
  await page.context().close();
  return base + href;
}

const cellAddress = cell ?? await firstCell();
const dark = {colorScheme: 'dark'};
const narrow = {viewport: {width: 375, height: 812}};
await shoot('overview-light', base);
await shoot('overview-dark', base, dark);
await shoot('cells-light', `${base}#/cells`);
await shoot('cell-light', cellAddress);
await shoot('cell-dark', cellAddress, dark);
await shoot('cell-swipe', `${cellAddress}${cellAddress.includes('?') ? '&' : '?'}mode=swipe`);
await shoot('cell-difference', `${cellAddress}${cellAddress.includes('?') ? '&' : '?'}mode=difference`);
await shoot('compare-light', `${base}#/compare`);
await shoot('skipped-light', `${base}#/skipped`);
await shoot('run-dark', `${base}#/run`, dark);
await shoot('help-light', base, {fullPage: false}, (page) => page.keyboard.press('?'));
await shoot('narrow-overview', base, narrow);
await shoot('narrow-cell', cellAddress, narrow);
await browser.close();
pages?.remove();
console.log(folder);
