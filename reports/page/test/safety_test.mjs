// SPDX-License-Identifier: Apache-2.0
// Hostile names and reasons run no script, with the content-security policy and without it; no page breaks axe's rules.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {cellUrl, launch, makePages, openPage} from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let pages, browser;
before(async () => {
  pages = makePages();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.remove();
});

const views = ['#/', '#/cells', '#/compare', '#/skipped', '#/run', '#/?columns=all', '#/cells?columns=all'];

async function cellAddresses(page) {
  await page.evaluate(() => { location.hash = '#/cells'; });
  await page.locator('.cells tbody a').first().waitFor();
  return page.locator('.cells tbody a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
}

async function visitEverything(page) {
  for (const view of [...views, ...await cellAddresses(page)]) {
    await page.evaluate((hash) => { location.hash = hash; }, view);
    await page.locator('main h1').waitFor();
  }
  await page.waitForTimeout(200);
}

test('hostile texts run nothing and break no page', async () => {
  const bare = pages.path('hostile').replace('hostile.html', 'bare.html');
  const withPolicy = readFileSync(pages.path('hostile'), 'utf8');
  writeFileSync(bare, withPolicy.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
  for (const url of [pages.url('hostile'), pages.url('bare')]) {
    const page = await openPage(browser, url);
    const dialogs = [];
    page.on('dialog', (dialog) => dialogs.push(dialog.message()) && dialog.dismiss());
    await visitEverything(page);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.deepEqual(dialogs, []);
    assert.deepEqual(page.errors, []);
    assert.equal(await page.locator('main img, main iframe, main script, main a[href^="javascript"]').count(), 0);
    await page.context().close();
  }
});

test('hostile texts come out as text', async () => {
  const page = await openPage(browser, pages.url('hostile', '#/run'));
  assert.match(await page.locator('main').innerText(), /<script>window\.pwned=1<\/script>/);
  assert.match(await page.title(), /^<\/script><script>/);
  await page.context().close();
});

test('the policy stops what a missed escape would let in', async () => {
  const injected = pages.path('sample').replace('sample.html', 'injected.html');
  const page = readFileSync(pages.path('sample'), 'utf8');
  writeFileSync(injected, page.replace('<div id="app">', () =>
    '<script>window.pwned=1</script><img src=x onerror="window.pwned=2"><svg onload="window.pwned=3"></svg><div id="app">'));
  const opened = await openPage(browser, pages.url('injected'));
  await opened.locator('.matrix').waitFor();
  assert.equal(await opened.evaluate(() => window.pwned), undefined);
  assert.ok(opened.errors.some((error) => /Content Security Policy/.test(error)));
  await opened.context().close();
});

test('no violation of axe on any page, wide and narrow, light and dark', async () => {
  const cells = [
    cellUrl(pages, 'sabotage:gravity=0.5', 'drop-1', '?score=dynamics.lawfulness&f=20'),
    cellUrl(pages, 'frozen', 'drop-1', '?mode=swipe'),
    cellUrl(pages, 'native:checkpoints/tiny', 'collide-1'),
  ];
  const urls = [...views.map((view) => pages.url('sample', view)), ...cells, pages.url('empty')];
  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of [{width: 1280, height: 900}, {width: 375, height: 812}]) {
      const page = await openPage(browser, urls[0], {colorScheme, viewport});
      await page.evaluate(axe);
      for (const url of urls) {
        if (url.includes('empty')) {
          await page.goto(url);
          await page.evaluate(axe);
        } else {
          await page.evaluate((hash) => { location.hash = hash; }, new URL(url).hash);
        }
        await page.locator('main h1').waitFor();
        await page.waitForTimeout(150);
        const {violations} = await page.evaluate(() => window.axe.run());
        const found = violations.map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
        assert.deepEqual(found, [], `${colorScheme}, ${viewport.width} px, ${url.split('/').at(-1)}`);
      }
      await page.context().close();
    }
  }
});

test('the help dialog obeys axe too', async () => {
  const page = await openPage(browser, pages.url('sample'));
  await page.keyboard.press('?');
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({id}) => id), []);
  await page.context().close();
});
