// SPDX-License-Identifier: Apache-2.0
// The page of one cell: two videos on one clock, and evidence where the picture shows it.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {cellUrl, launch, makePages, openPage} from './support.mjs';

let pages, browser;
before(async () => {
  pages = makePages();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.remove();
});

const half = (query = '') => cellUrl(pages, 'sabotage:gravity=0.5', 'drop-1', query);

async function withCell(url, body, options = {}) {
  const page = await openPage(browser, url, options);
  await page.waitForFunction(() => [...document.querySelectorAll('.stage video')].every((video) => video.readyState >= 2));
  await body(page);
  assert.deepEqual(page.errors, []);
  await page.context().close();
}

const settled = (page) => page.waitForFunction(() =>
  [...document.querySelectorAll('.stage video')].every((video) => !video.seeking && video.readyState >= 2));
const times = (page) => page.evaluate(() => [...document.querySelectorAll('.stage video')].map((video) => video.currentTime));
const frameShown = (page) => page.locator('.position b').innerText().then(Number);

// Centre of the red pixels of a video, in its own pixels.
const redCentre = (page, side) => page.evaluate((pane) => {
  const video = document.querySelector(`.pane.${pane} video`);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0, x = 0, y = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] > 90 && data[at] > 1.8 * data[at + 1] && data[at] > 1.8 * data[at + 2]) {
      count += 1;
      x += (at / 4) % canvas.width;
      y += Math.floor(at / 4 / canvas.width);
    }
  }
  return count ? [x / count, y / count] : null;
}, side);

const circle = (page, side, name) => page.locator(`.pane.${side} .trajectory.${name} circle`).evaluate((element) =>
  [Number(element.getAttribute('cx')), Number(element.getAttribute('cy'))]);

test('the picture, the overlay and the frame number agree, frame by frame', async () => {
  await withCell(half('?score=dynamics.lawfulness'), async (page) => {
    for (const frame of [1, 9, 16, 25, 40, 47]) {
      await page.locator('.scrubber').fill(String(frame));
      await settled(page);
      assert.equal(await frameShown(page), frame);
      await page.waitForTimeout(80);
      for (const [side, name] of [['left', 'truth'], ['right', 'sample']]) {
        const [x, y] = await redCentre(page, side);
        const [cx, cy] = await circle(page, side, name);
        assert.ok(Math.hypot(x - cx, y - cy) < 1.2, `frame ${frame}, ${name}: ball at ${x},${y}, drawn at ${cx},${cy}`);
      }
    }
  });
});

test('arrows step both videos by one frame; the frame stands in the address', async () => {
  await withCell(half('?f=10'), async (page) => {
    assert.equal(await frameShown(page), 10);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowRight');
    await settled(page);
    assert.equal(await frameShown(page), 21);
    for (const time of await times(page)) assert.ok(Math.abs(time - 21.5 / 24) < 1e-3, `${time}`);
    await page.waitForURL(/f=21/, {timeout: 10_000});
    await page.keyboard.press('End');
    assert.equal(await frameShown(page), 47);
    await page.keyboard.press('ArrowRight');
    assert.equal(await frameShown(page), 47);
    await page.keyboard.press('Home');
    assert.equal(await frameShown(page), 0);
  });
});

test('playing runs both on one clock, loops, and pauses on a frame', async () => {
  await withCell(half(), async (page) => {
    await page.keyboard.press(' ');
    await page.waitForFunction(() => Number(document.querySelector('.position b').innerText) >= 20);
    const [left, right] = await times(page);
    assert.ok(Math.abs(left - right) < 3 / 24, `${left} and ${right}`);
    await page.waitForFunction(() => Number(document.querySelector('.position b').innerText) <= 8, null, {timeout: 8000});
    await page.keyboard.press(' ');
    await settled(page);
    const frame = await frameShown(page);
    for (const time of await times(page)) assert.ok(Math.abs(time - (frame + 0.5) / 24) < 1e-3);
    await page.keyboard.press('l');
    await page.keyboard.press(']');
    await page.keyboard.press(' ');
    await page.waitForFunction(() => document.querySelector('.position b').innerText === '47', null, {timeout: 8000});
    await page.waitForFunction(() => document.querySelector('.play').innerText.includes('Play'));
  });
});

test('the worst frames come one after the other; the strip is clickable', async () => {
  await withCell(half('?score=dynamics.lawfulness'), async (page) => {
    await page.keyboard.press('w');
    const worst = await frameShown(page);
    assert.equal(worst, 17);
    await page.getByRole('button', {name: 'Worst frame'}).click();
    assert.notEqual(await frameShown(page), worst);
    const box = await page.locator('.plot .u-over').boundingBox();
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
    assert.ok(Math.abs(await frameShown(page) - 35.5) <= 1);
    await page.locator('.events button').click();
    assert.equal(await frameShown(page), 17);
    assert.match(await page.locator('.overlay .event').first().textContent(), /contact red ball/);
  });
});

test('every kind of evidence is drawn, and can be hidden', async () => {
  await withCell(half('?score=geometry.consistency&f=20'), async (page) => {
    assert.ok(await page.locator('.track.ok').count() > 10);
    assert.ok(await page.locator('.track.broken').count() > 3);
    await page.getByLabel('tracks').uncheck();
    assert.equal(await page.locator('.track').count(), 0);
    await page.keyboard.press('o');
    await page.keyboard.press('o');
    assert.ok(await page.locator('.track').count() > 10);
  });
  await withCell(cellUrl(pages, 'sabotage:vanish=behind', 'drop-1', '?score=permanence.persistence&f=30'), async (page) => {
    assert.equal(await page.locator('.box.absent').count(), 1);
    assert.match(await page.locator('.box.absent text').textContent(), /red ball · absent/);
    assert.equal(await redCentre(page, 'right'), null);
    await page.keyboard.press('Home');
    assert.equal(await page.locator('.box.visible').count(), 1);
  });
});

// Mean brightness of a picture of the stage, read in a page without a policy.
async function brightness(page) {
  const png = await page.locator('.stage .right .picture').screenshot();
  const context = await browser.newContext();
  const blank = await context.newPage();
  const mean = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(image, 0, 0);
    const pixels = drawing.getImageData(0, 0, image.width, image.height).data;
    return pixels.reduce((sum, value, at) => (at % 4 === 3 ? sum : sum + value), 0) / (pixels.length * 0.75);
  }, png.toString('base64'));
  await context.close();
  return mean;
}

test('difference is black where both agree, and only there; swipe moves its edge', async () => {
  const url = (model) => cellUrl(pages, model, 'drop-1', '?mode=difference&f=25&score=dynamics.centroid_error');
  let equal, other;
  await withCell(url('oracle'), async (page) => { await settled(page); await page.waitForTimeout(150); equal = await brightness(page); });
  await withCell(url('sabotage:gravity=0.5'), async (page) => { await settled(page); await page.waitForTimeout(150); other = await brightness(page); });
  assert.ok(equal < 1, `equal videos: ${equal}`);
  assert.ok(other > 2 * Math.max(equal, 0.5), `other videos: ${other}`);
  await withCell(half(), async (page) => {
    await page.keyboard.press('2');
    await page.waitForURL(/mode=swipe/, {timeout: 10_000});
    await page.locator('.split').fill('20');
    assert.match(await page.locator('.pane.right video').evaluate((video) => getComputedStyle(video).clipPath), /20%/);
    await page.keyboard.press('1');
    assert.equal(await page.locator('.split').count(), 0);
  });
});

test('another model can stand in the place of the truth, and neighbours are a key away', async () => {
  await withCell(half(), async (page) => {
    await page.getByLabel('Left video').selectOption('frozen');
    await page.waitForURL(/left=frozen/, {timeout: 10_000});
    await settled(page);
    await page.locator('.cell-nav select').selectOption('oracle');
    await page.waitForURL(/cell\/oracle\/drop-1\/0\?.*left=frozen/, {timeout: 10_000});
    await page.locator('h1').focus().catch(() => {});
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('j');
    await page.waitForURL(/cell\/oracle\/drop-2/, {timeout: 10_000});
    await page.keyboard.press('k');
    await page.waitForURL(/cell\/oracle\/drop-1/, {timeout: 10_000});
  });
});

test('not measurable stands apart from bad, with its reason', async () => {
  await withCell(cellUrl(pages, 'frozen', 'drop-1'), async (page) => {
    const item = page.locator('.score.unmeasured').first();
    assert.match(await item.innerText(), /consistency\s*not measurable\s*no camera motion 47 of 47 frame pairs are identical/);
    assert.equal(await item.locator('.interval').count(), 0);
  });
});

test('videos may lie beside the page, opened without a server', async () => {
  await withCell(cellUrl(pages, 'sabotage:gravity=0.5', 'drop-1', '?f=12', 'beside'), async (page) => {
    await settled(page);
    for (const time of await times(page)) assert.ok(Math.abs(time - 12.5 / 24) < 1e-3);
    assert.match(await page.locator('video').first().getAttribute('src'), /^truth\.mp4$/);
  });
});

test('what is not drawn is told', async () => {
  await withCell(half('?score=dynamics.lawfulness'), async (page) => {
    const text = await page.locator('.evidence').innerText();
    assert.match(text, /recovered gravity mps2\s+4\.900/);
    assert.match(text, /parts · restitution\s+0\.980/);
    assert.match(text, /rebounds\s+frame\s+restitution\s+17\s+0\.700/);
  });
});

test('a cell without videos still shows its numbers', async () => {
  const page = await openPage(browser, pages.url('large', '#/cell/oracle/drop-1/3'));
  assert.match(await page.locator('.no-video').first().innerText(), /no video in this report/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await frameShown(page), 1);
  await page.keyboard.press(' ');
  await page.waitForFunction(() => Number(document.querySelector('.position b').innerText) > 5);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
