// Every page in both languages, on a phone and on a desk, by day and by night: sound, and without a word in the console.
import { expect, test } from '@playwright/test';
import { complaints, isSound, signIn, speak } from './house';

const STAFF = [
  '/', '/desk', '/desk?view=closed', '/people', '/people/1', '/people/1/edit', '/people/new', '/people/1/privacy', '/search?q=vries',
  '/feedback', '/surveys', '/surveys/1', '/imports', '/imports/new', '/staff', '/keys', '/trail', '/operations', '/operations/mail', '/account',
];
const PUBLIC = ['/contact', '/contact/thanks', '/sign-in', '/drawer', '/nowhere'];

for (const lang of ['nl', 'en'] as const) {
  test(`public pages are sound in ${lang}`, async ({ page }) => {
    const said = complaints(page);
    for (const path of PUBLIC) {
      await page.goto(`${path}?lang=${lang}`);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await isSound(page, path);
      expect(await page.context().cookies(), `${path} sets no cookie`).toEqual([]);
    }
    expect(said).toEqual([]);
  });

  test(`staff pages are sound in ${lang}`, async ({ page }) => {
    test.setTimeout(180_000);
    const said = complaints(page);
    await signIn(page, 'hanneke.vos');
    await speak(page, lang);
    for (const path of STAFF) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(200);
      await isSound(page, path);
    }
    expect(said).toEqual([]);
  });

  test(`what lies behind a list is sound in ${lang}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.goto(`/drawer?lang=${lang}`);
    // An invitation in this language, so that the pages behind it are too.
    const subject = { nl: 'Hoe hielpen we je?', en: 'How did we help you?' }[lang];
    // One in thirty speaks English, so theirs may lie further down.
    const letters = page.getByRole('link', { name: subject });
    while ((await letters.count()) === 0) await page.locator('a[href*="before="]').click();
    await letters.first().click();
    // The letter stands in a frame that runs no script, neither axe's nor Playwright's: looking into it is a complaint.
    const letter = page.frameLocator('iframe.mail');
    const behind = await letter.locator('a').evaluateAll((links) => links.map((a) => (a as HTMLAnchorElement).pathname + (a as HTMLAnchorElement).search));
    const said = complaints(page);
    for (const part of ['/s/', '/choices/']) {
      const href = behind.find((link) => link.includes(part));
      expect(href, `a letter has a link to ${part}`).toBeTruthy();
      await page.goto(href!);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await isSound(page, part);
    }
    await signIn(page, 'hanneke.vos');
    await speak(page, lang);
    for (const list of ['/desk', '/desk?view=closed', '/people']) {
      await page.goto(list);
      await page.locator('main .item, main td a').first().click();
      await expect(page).not.toHaveURL(list);
      await expect(page.locator('main h1')).toBeVisible();
      await isSound(page, `the first of ${list}`);
    }
    expect(said).toEqual([]);
  });
}

test('pages are sound in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'marit.de.boer');
  for (const path of ['/', '/desk', '/people/1', '/feedback', '/contact', '/gallery']) {
    await page.goto(path);
    await isSound(page, `${path} in the dark`);
  }
});

test('the gallery shows every component', async ({ page }) => {
  const said = complaints(page);
  for (const path of ['/gallery', '/gallery/home', '/gallery/person', '/gallery/inbox', '/gallery/list', '/gallery/public']) {
    await page.goto(path);
    expect(await page.locator('h1').count(), path).toBeGreaterThan(0);
  }
  expect(said).toEqual([]);
});
