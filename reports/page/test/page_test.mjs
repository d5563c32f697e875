// SPDX-License-Identifier: Apache-2.0
// The page as its reader meets it: tables, filters, addresses, keyboard, size.
import assert from 'node:assert/strict';
import {statSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {launch, makePages, openPage} from './support.mjs';

let pages, browser;
before(async () => {
  pages = makePages();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.remove();
});

async function withPage(url, options, body) {
  const page = await openPage(browser, url, options);
  await body(page);
  assert.deepEqual(page.errors, []);
  await page.context().close();
}

test('a report without videos is small and still says what it is', async () => {
  assert.ok(statSync(pages.path('empty')).size <= 250 * 1024);
  await withPage(pages.url('empty'), {}, async (page) => {
    assert.equal(await page.title(), 'empty');
    assert.match(await page.locator('main').innerText(), /No model in this run/);
    for (const name of ['cells', 'skipped', 'run', 'compare', 'cell/a/b/0', 'no-such-page']) {
      await page.evaluate((hash) => { location.hash = hash; }, `#/${name}`);
      await page.locator('main h1, main .empty').first().waitFor();
    }
  });
});

test('the overview shows means, intervals, coverage, bounds, and what is not measurable', async () => {
  await withPage(pages.url('sample'), {}, async (page) => {
    const rows = page.locator('.matrix tbody tr');
    assert.equal(await rows.count(), 5);
    assert.match(await rows.nth(0).innerText(), /oracle[\s\S]*±[\s\S]*12\/12/);
    assert.match(await rows.nth(1).innerText(), /not measurable[\s\S]*no camera motion × 12/);
    assert.match(await rows.nth(2).innerText(), /\d+\/10 *\n? *bounds 0\.\d+–0\.\d+/);
    assert.equal(await rows.nth(1).locator('td.unmeasured .interval').count(), 0);
    await page.getByRole('button', {name: 'dynamics', exact: true}).click();
    assert.match(await page.locator('.matrix thead').innerText(), /centroid_error/);
    await page.waitForURL(/columns=dynamics/, {timeout: 10_000});
    await page.getByRole('button', {name: 'centroid_error'}).click();
    assert.match(await rows.nth(0).innerText(), /oracle/);
    await page.getByRole('button', {name: 'centroid_error'}).click();
    assert.match(await rows.nth(0).innerText(), /frozen/);
    assert.equal(await page.locator('.matrix th[aria-sort=descending]').count(), 1);
  });
});

test('scenes × models lead to the cells', async () => {
  await withPage(pages.url('sample'), {}, async (page) => {
    assert.equal(await page.locator('.heatmap tbody tr').count(), 12);
    await page.locator('.heatmap td.failed a').click();
    assert.match(await page.locator('main').innerText(), /failed in stage “generate”: not finite: tensor latents, step 3/);
    await page.waitForURL(/#\/cell\/native%3Acheckpoints%2Ftiny\/collide-1\/0/, {timeout: 10_000});
  });
});

test('filter and order stand in the address, and the address brings them back', async () => {
  await withPage(pages.url('sample', '#/cells'), {}, async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('gravity drop');
    await page.getByRole('button', {name: 'lawfulness'}).click();
    assert.equal(await page.locator('.cells tbody tr').count(), 2);
    const address = page.url();
    assert.match(address, /q=gravity\+drop/);
    await withPage(address, {}, async (copy) => {
      assert.equal(await copy.locator('.cells tbody tr').count(), 2);
      assert.equal(await copy.locator('input[type=search]').inputValue(), 'gravity drop');
      assert.equal(await copy.locator('th[aria-sort]').count(), 1);
    });
    await page.locator('input[type=search]').fill('');
    await page.getByRole('button', {name: /^failed/}).click();
    assert.match(await page.locator('.cells tbody').innerText(), /generate: not finite/);
    assert.equal(await page.locator('.cells tbody tr').count(), 1);
    await page.getByRole('button', {name: /^partly measured/}).click();
    assert.ok(await page.locator('.cells td.unmeasured').count() >= 12);
  });
});

test('comparison, skipped and run tell everything that the console tells', async () => {
  await withPage(pages.url('sample', '#/compare'), {}, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /regressed/);
    assert.match(text, /the interval lies below 0 \(0 higher, 10 lower, 0 ties\)/);
    assert.match(text, /Newly failing[\s\S]*collide-1/);
  });
  await withPage(pages.url('sample', '#/skipped'), {}, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /no parallax/);
    assert.match(text, /median parallax 0\.4 px, 2 px needed/);
    assert.match(text, /law not applicable/);
    assert.match(text, /gravity cannot show: nothing moves/);
    assert.match(text, /the run was interrupted/);
  });
  await withPage(pages.url('sample', '#/run'), {}, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /COLMAP\s+3\.8/);
    assert.match(text, /9f2c7a51/);
    assert.match(text, /Median error of the points/);
  });
});

test('keyboard: help, theme; nothing is typed away from a field', async () => {
  await withPage(pages.url('sample'), {}, async (page) => {
    await page.keyboard.press('?');
    assert.ok(await page.getByRole('dialog').isVisible());
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog[open]').count(), 0);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const system = await background();
    await page.keyboard.press('t');
    assert.equal(await background(), system);
    await page.keyboard.press('t');
    assert.notEqual(await background(), system);
    await page.reload();
    assert.notEqual(await background(), system);
    await page.evaluate(() => { location.hash = '#/cells'; });
    await page.locator('input[type=search]').fill('');
    await page.locator('input[type=search]').press('t');
    assert.equal(await page.locator('input[type=search]').inputValue(), 't');
  });
});

test('dark follows the system', async () => {
  const seen = [];
  for (const colorScheme of ['light', 'dark']) {
    await withPage(pages.url('sample'), {colorScheme}, async (page) => {
      seen.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    });
  }
  assert.notEqual(seen[0], seen[1]);
});

test('a narrow window scrolls inside its tables, never sideways as a whole', async () => {
  const narrow = {viewport: {width: 375, height: 812}};
  for (const hash of ['', '#/cells', '#/compare', '#/skipped', '#/run', '#/cell/oracle/drop-1/0']) {
    await withPage(pages.url('sample', hash), narrow, async (page) => {
      await page.locator('main h1').waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 375, `${hash}: ${width} px wide`);
    });
  }
});

test('twenty thousand cells open and scroll', async () => {
  const start = performance.now();
  await withPage(pages.url('large', '#/cells'), {}, async (page) => {
    await page.locator('.cells tbody tr').first().waitFor();
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 10, `${seconds} s to the first row`);
    assert.ok(await page.locator('.cells tbody tr').count() < 200);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForFunction(() => /344$/.test([...document.querySelectorAll('.cells tbody th')].at(-1)?.innerText ?? ''));
    assert.ok(await page.locator('.cells tbody tr').count() < 200);
  });
});
