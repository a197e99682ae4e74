// Every page in both languages, on a phone and on a desk, by day and by night: sound, and without a word in the console.
import { expect, test } from '@playwright/test';
import { complaints, isSound, signIn, speak } from './house';

const STAFF = [
  '/', '/desk', '/desk?view=closed', '/search', '/search?q=vries', '/search?q=zzzz', '/feedback', '/surveys', '/surveys/1', '/imports', '/imports/new',
  '/staff', '/staff/new', '/keys', '/keys/new', '/trail', '/operations', '/operations/mail', '/account',
];
const RELATIONS = [
  '/people', '/people?q=vries&role=enrolled_student&owner=me&col=roles', '/people/new', '/people/1', '/people/1?about=roles', '/people/1/edit', '/people/1/data',
  '/people/1/privacy', '/people/1/claim', '/people/1/tip', '/people/1/viewed', '/people/1/wishes', '/people/bulk?deed=role&role=enrolled_student', '/people/bulk?deed=owner&role=enrolled_student',
  '/organisations', '/organisations?q=zorg', '/organisations/new', '/organisations/1', '/organisations/1/edit', '/organisations/1/data',
  '/organisations/1/claim', '/organisations/1/tip', '/duplicates', '/duplicates?state=sure', '/duplicates?state=different', '/duplicates/1',
  '/duplicates/weights', '/duplicates/organisations', '/claims', '/notices', '/tips', '/tips?view=given', '/known', '/capture', '/privacy', '/privacy/found', '/policy',
  '/definitions/alumnus', '/definitions/alumnus?preview=1&kinds=graduate', '/definitions/alumnus?unit=2', '/quality', '/segments', '/personas', '/segments/1/persona', '/segments/1/alike', '/segments?archived=yes', '/segments/new', '/segments/1', '/segments/1/edit', '/people?segment=1',
  '/needs', '/needs?role=prospect&days=365', '/needs?role=nobody', '/needs/topics/1?days=365&show=asked', '/people/1/needs',
  '/journeys', '/journeys/new', '/journeys/1', '/journeys/1?step=3', '/journeys/1?step=4', '/journeys/1/many?answer=20&over=30&task=10&call=8', '/journeys/1/versions', '/journeys/1/people',
  '/journeys/1/groups', '/journeys/1/why?number=1', '/journeys/runs/1', '/journeys/tasks', '/journeys/begin?segment=1', '/journeys/begin?segment=1&journey=1', '/pressure', '/operations/mail/quarantine',
  '/webhooks', '/webhooks/new',
  '/engagement', '/engagement?version=1', '/engagement/new', '/people/1/engagement',
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

  for (const [what, paths] of [['staff pages', STAFF], ['pages of the relation base', RELATIONS]] as const) {
    test(`${what} are sound in ${lang}`, async ({ page }) => {
      test.setTimeout(300_000);
      const said = complaints(page);
      await signIn(page, 'hanneke.vos');
      await speak(page, lang);
      for (const path of paths) {
        const answer = await page.goto(path);
        expect(answer?.status(), path).toBe(200);
        await isSound(page, path);
        // What is folded away is a page like any other.
        if ((await page.locator('main details.unfold:not([open])').count()) === 0) continue;
        await page.locator('main details.unfold').evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
        await isSound(page, `${path}, unfolded`);
      }
      expect(said).toEqual([]);
    });
  }

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
  test.setTimeout(180_000);
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'hanneke.vos');
  for (const path of ['/feedback', '/contact', '/gallery', '/desk', ...RELATIONS]) {
    await page.goto(path);
    await isSound(page, `${path} in the dark`);
  }
});

test('everybody has a start page of their own, and it is sound', async ({ page, context }) => {
  test.setTimeout(120_000);
  for (const [who, begins] of [
    ['lisa.jonker', 'Nieuw in beeld'], ['marit.de.boer', 'Zo staat het Serviceplein ervoor'], ['fleur.smit', 'Waar ik gebleven was'],
    ['sanne.kuipers', 'Waar ik gebleven was'], ['willem.kok', 'Alumni die we net spraken'], ['piet.van.dam', 'Gevonden in vrije tekst'], ['ria.post', ''],
  ] as const) {
    await context.clearCookies();
    await signIn(page, who);
    await isSound(page, `the start page of ${who}`);
    if (begins) await expect(page.locator('.shelf h2').first()).toContainText(begins);
    await expect(page.locator('.ring-pic .band').first()).toBeVisible();
  }
});

test('the queue of duplicates, the search and the lists are walked by keyboard', async ({ page }, info) => {
  test.skip(info.project.name === 'phone', 'a phone has no keys');
  await signIn(page, 'hanneke.vos');
  await page.goto('/duplicates');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(page.locator('main .item').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/duplicates\/\d+$/);
  const first = page.url();
  await page.keyboard.press('n');
  await expect(page).not.toHaveURL(first);
  const field = page.getByRole('combobox');
  await page.keyboard.press('/');
  await page.keyboard.type('anke', { delay: 30 });
  const found = page.locator('.suggestions a');
  await expect(found.first()).toBeVisible();
  await isSound(page, 'suggestions');
  await page.keyboard.press('ArrowUp');
  await expect(found.last()).toHaveClass(/here/);
  await page.keyboard.press('ArrowDown');
  await expect(found.first()).toHaveClass(/here/);
  await page.keyboard.press('Escape');
  await expect(page.locator('.suggestions')).toBeHidden();
  await expect(field).toHaveValue('anke');
  await page.keyboard.type(' p', { delay: 30 });
  await expect(found.first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/people\/\d+$/);
  await page.keyboard.press('e');
  await expect(page.locator('#f-text')).toBeFocused();
  await page.goto('/organisations');
  await page.keyboard.press('j');
  await expect(page.locator('main .item').first()).toBeFocused();
});

test('the gallery shows every component', async ({ page }) => {
  const said = complaints(page);
  for (const path of ['/gallery', '/gallery/home', '/gallery/person', '/gallery/inbox', '/gallery/list', '/gallery/public']) {
    await page.goto(path);
    expect(await page.locator('h1').count(), path).toBeGreaterThan(0);
  }
  expect(said).toEqual([]);
});
