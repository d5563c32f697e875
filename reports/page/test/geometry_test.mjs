// SPDX-License-Identifier: Apache-2.0
// What geometry shows of a cell: maps of where it disagrees, the worst pair of frames, cameras and points in 3D.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {cellUrl, launch, launch3d, makePages, openPage} from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let pages, flat, deep;
before(async () => {
  pages = makePages();
  [flat, deep] = [await launch(), await launch3d()];
});
after(async () => {
  await flat?.close();
  await deep?.close();
  pages?.remove();
});

const travelling = (query = '') => cellUrl(pages, 'oracle', 'drop-1', `?score=geometry.consistency${query}`);
const turning = () => cellUrl(pages, 'sabotage:vanish=behind', 'orbit_room-1', '?score=geometry.consistency');

async function withPage(browser, url, body, options = {}) {
  const page = await openPage(browser, url, options);
  await page.locator('.player').waitFor();
  await body(page);
  assert.deepEqual(page.errors, []);
  await page.context().close();
}

// Bytes of the map's pixel in a cell.
const heatAt = (page, map, column, row) => page.locator('.heat').nth(map).evaluate((canvas, [x, y]) =>
  [...canvas.getContext('2d').getImageData(x, y, 1, 1).data], [column, row]);

// How many pixels of a screenshot of an element are not of the commonest colour.
async function drawnPixels(page, selector) {
  const png = await page.locator(selector).screenshot();
  const blank = await (await deep.newContext()).newPage();
  const count = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(image, 0, 0);
    const pixels = new Uint32Array(drawing.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return pixels.length - Math.max(...counts.values());
  }, png.toString('base64'));
  await blank.context().close();
  return {count, png};
}

test('maps are hot where residuals are, clear where not, hatched where nothing is known', async () => {
  await withPage(flat, travelling(), async (page) => {
    assert.equal(await page.locator('.heat').count(), 2);
    assert.ok((await heatAt(page, 0, 12, 4))[3] > 120);
    assert.equal((await heatAt(page, 0, 6, 14))[3], 0);
    assert.equal((await heatAt(page, 0, 0, 4))[3], 0);
    const {3: alpha} = await heatAt(page, 1, 12, 4);
    assert.ok(alpha > (await heatAt(page, 0, 12, 4))[3], 'the worst frame is hotter than the clip');
    assert.match(await page.locator('.unknown').first().getAttribute('d'), /^M0,0h2v1h-2z/);
    assert.match(await page.locator('.unknown').first().evaluate((path) => getComputedStyle(path).fill), /url/);
    assert.match(await page.locator('.stills .pane').nth(1).innerText(), /frame 30\s+median .* px/);
  });
});

test('the frame of a map is a click away', async () => {
  await withPage(flat, travelling(), async (page) => {
    await page.getByRole('button', {name: 'frame 30'}).first().click();
    assert.equal(await page.locator('.position b').innerText(), '30');
  });
});

test('the legend is in pixels of the clip', async () => {
  await withPage(flat, travelling(), async (page) => {
    // 192 × 192: one unit is 0.75 pixels.
    assert.match(await page.locator('.heat-legend').getAttribute('aria-label'), /0\.188 to 3\.000 pixels/);
    assert.match(await page.locator('.heat-ticks').innerText(), /0\.75/);
  });
});

test('matches stand on their lines, and one can be chosen', async () => {
  await withPage(flat, travelling(), async (page) => {
    assert.equal(await page.locator('.pair').count(), 2);
    const pair = page.locator('.pair').nth(1);
    assert.equal(await pair.locator('.match').count(), 12);
    assert.equal(await pair.locator('.match.ok').count(), 2);
    // Match 12 is 5.5 px below its line.
    const last = pair.locator('.match').nth(11);
    const [, from, to] = (await last.locator('.gap').getAttribute('d')).match(/M[\d.]+,([\d.]+)L[\d.]+,([\d.]+)/);
    assert.ok(Math.abs(from - to - 5.5) < 1e-6);
    await page.locator('.matches button').nth(2).focus();
    assert.equal(await pair.locator('.match.chosen text').textContent(), '3');
    assert.equal(await pair.locator('.match.pale').count(), 11);
  });
});

test('a turning camera has places instead of lines, and no points', async () => {
  await withPage(deep, turning(), async (page) => {
    assert.match(await page.getByLabel('Worst pair of frames').innerText(), /cross: the place where the other frame puts it/);
    assert.match(await page.getByLabel('Reconstruction').innerText(), /48 cameras in one place: a camera that only turns shows no depth/);
    await page.locator('.world-view canvas').waitFor();
    assert.ok((await drawnPixels(page, '.world-view')).count > 100);
  });
});

test('cameras and points are drawn, turn by keys and buttons, and follow the frame', async () => {
  await withPage(deep, travelling(), async (page) => {
    const canvas = page.locator('.world-view canvas');
    await canvas.waitFor();
    await canvas.focus();
    const first = await drawnPixels(page, '.world-view');
    assert.ok(first.count > 500, `${first.count} pixels drawn`);
    await page.keyboard.press('ArrowLeft');
    const turned = await drawnPixels(page, '.world-view');
    assert.notDeepEqual(turned.png, first.png);
    assert.equal(await page.locator('.position b').innerText(), '0', 'arrows belong to the view while it is chosen');
    await page.keyboard.press('0');
    assert.deepEqual((await drawnPixels(page, '.world-view')).png, first.png);
    for (const name of ['Turn right', 'Closer', 'From above', 'Through this camera', 'Reset']) {
      await page.getByRole('button', {name, exact: true}).click();
      assert.ok((await drawnPixels(page, '.world-view')).count > 50, name);
    }
    await page.locator('.scrubber').fill('20');
    assert.notDeepEqual((await drawnPixels(page, '.world-view')).png, first.png);
  });
});

test('of several worlds the one of the frame is shown, until another is chosen', async () => {
  await withPage(deep, travelling('&f=30'), async (page) => {
    const choice = page.getByLabel('World', {exact: true});
    assert.equal(await choice.inputValue(), '1');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('[aria-label="World"]').value === '0');
    await choice.selectOption('1');
    assert.equal(await choice.inputValue(), '1');
    await page.locator('.world-view canvas').waitFor();
    assert.equal(await page.locator('.world-view canvas').count(), 1);
  });
});

test('the theme reaches the 3D view', async () => {
  await withPage(deep, travelling(), async (page) => {
    const light = await drawnPixels(page, '.world-view');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    assert.notDeepEqual((await drawnPixels(page, '.world-view')).png, light.png);
  });
});

test('without WebGL there is a sentence, and no error', async () => {
  await withPage(flat, travelling(), async (page) => {
    assert.match(await page.locator('.no-view').innerText(), /No 3D view: this browser has no WebGL\. The 24 cameras and 40 points/);
    assert.equal(await page.locator('.world-view canvas').count(), 0);
  });
});

test('the script of the view runs only when a world is shown', async () => {
  await withPage(deep, cellUrl(pages, 'oracle', 'drop-1', '?score=dynamics.lawfulness'), async (page) => {
    assert.equal(await page.evaluate(() => typeof window.plumbViewer), 'undefined');
    await page.locator('.score', {hasText: 'consistency'}).click();
    await page.locator('.world-view canvas').waitFor();
    assert.equal(await page.evaluate(() => typeof window.plumbViewer.open), 'function');
  });
  for (const kind of ['empty', 'large']) {
    assert.ok(!readFileSync(pages.path(kind), 'utf8').includes('id="plumb-viewer"'), kind);
  }
});

test('leaving a cell gives its view back', async () => {
  await withPage(deep, travelling(), async (page) => {
    for (let i = 0; i < 20; ++i) {  // more than the sixteen contexts that a browser keeps alive
      await page.keyboard.press(i % 2 ? 'k' : 'j');
      await page.locator('.world-view canvas').waitFor();
    }
  });
});

test('no violation of axe with the view', async () => {
  for (const colorScheme of ['light', 'dark']) {
    await withPage(deep, travelling(), async (page) => {
      await page.locator('.world-view canvas').waitFor();
      await page.evaluate(axe);
      const {violations} = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
    }, {colorScheme});
  }
});
