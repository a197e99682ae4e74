// A form and a page are made with the keyboard alone: recipes are taken, a field is added, set, moved and undone, both are
// published and read by the public, in two languages, with script and without. What a screen reader hears of the list of fields and
// of the public form is held still.
import { expect, test, type Page } from '@playwright/test';
import { complaints, isSound, signIn } from './house';

async function press(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name }).first();
  await button.focus();
  await page.keyboard.press('Enter');
}

test('a form is made with the keyboard alone, and filled in', async ({ page, browser }, info) => {
  test.setTimeout(240_000);
  page.setDefaultTimeout(15_000);
  const said = complaints(page);
  await signIn(page, 'lisa.jonker');
  await page.goto('/forms');
  await isSound(page, 'the list');
  await page.goto('/forms/new');
  await isSound(page, 'the gallery');
  await press(page, /Neem dit recept.*Brochure aanvragen/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Brochure aanvragen');
  await isSound(page, 'the editor of the form as a whole');

  // A field after the name: the list opens, the kind is chosen, and its settings stand in place.
  const add = page.locator('.steps > li').nth(1).locator('summary');
  await add.focus();
  await page.keyboard.press('Enter');
  await page.locator('.steps > li').nth(1).getByRole('button', { name: 'Getal' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.steps a.step[aria-current]')).toContainText('Getal');
  await page.getByLabel('Wat vraag je?').fill('Hoe oud ben je?');
  await page.getByLabel('Minstens').fill('12');
  await page.getByLabel('Hooguit').fill('99');
  await press(page, 'Bewaar');
  await expect(page.locator('.steps a.step[aria-current]')).toContainText('Hoe oud ben je?');
  await isSound(page, 'the editor at a field');
  await press(page, 'Omlaag');
  await expect(page.locator('.steps > li').nth(3)).toContainText('Hoe oud ben je?');
  await press(page, 'Stap terug');
  await expect(page.locator('.steps > li').nth(2)).toContainText('Hoe oud ben je?');
  await expect(page.getByRole('region', { name: 'Velden' })).toMatchAriaSnapshot(`
    - region "Velden":
      - list:
        - listitem:
          - link /Het formulier/
        - listitem:
          - link /1 Je naam/
        - listitem:
          - link /2 Hoe oud ben je\\?/
        - listitem:
          - link /3 Je e-mailadres/
  `);
  await press(page, 'Controleer en publiceer');
  await expect(page.getByText('Gepubliceerd.')).toBeVisible();
  await page.goto(page.url().replace(/\?.*/, '') + '/share');
  await isSound(page, 'where it stands');
  const path = new URL((await page.locator('code').first().textContent()) ?? '').pathname;

  for (const [lang, script] of [['nl', true], ['en', true], ['nl', false]] as const) {
    const context = await browser.newContext({ ...info.project.use, baseURL: info.project.use.baseURL ?? 'http://127.0.0.1:8911', javaScriptEnabled: script });
    const visitor = await context.newPage();
    await visitor.goto(`${path}?lang=${lang}`);
    if (script) await isSound(visitor, `the public form in ${lang}`);
    const words = lang === 'nl' ? { first: 'Voornaam', last: 'Achternaam', mail: 'Je e-mailadres', care: 'Zorg en welzijn', post: 'Per post', street: 'Straat', send: 'Verstuur' } : { first: 'First name', last: 'Last name', mail: 'Your e-mail address', care: 'Care and welfare', post: 'By post', street: 'Street', send: 'Send' };
    // Whoever is through within three seconds is taken for a program.
    await visitor.waitForTimeout(3_100);
    await visitor.getByLabel(words.first).fill('Kim');
    await visitor.getByLabel(words.last, { exact: true }).fill('Berg');
    await visitor.getByLabel(words.mail).fill(`kim.${lang}.${String(script)}@mail.example.com`);
    await visitor.getByLabel(words.care).check();
    await expect(visitor.getByLabel(words.street)).toBeHidden();
    await visitor.getByLabel(words.post).check();
    if (!script) {
      await visitor.getByRole('button', { name: words.send }).click();
      await expect(visitor.getByText('nog een vraag bij gekomen')).toBeVisible();
    }
    await expect(visitor.getByLabel(words.street)).toBeVisible();
    if (script && lang === 'nl') {
      await expect(visitor.getByRole('group', { name: 'Je adres' })).toMatchAriaSnapshot(`
        - group "Je adres":
          - textbox "Straat"
          - textbox "Huisnummer"
          - textbox /Toevoeging/
          - textbox "Postcode"
          - textbox "Plaats"
      `);
    }
    // Something is forgotten: it is said beside the field, and nothing that was typed is gone.
    await visitor.getByRole('button', { name: words.send }).click();
    await expect(visitor.locator('#faults')).toBeVisible();
    await expect(visitor.getByLabel(words.first)).toHaveValue('Kim');
    if (script) await isSound(visitor, `the public form with faults in ${lang}`);
    await visitor.getByLabel(words.street).fill('Kanaalweg');
    await visitor.locator('[name$="-number"]').fill('12');
    await visitor.locator('[name$="-postcode"]').fill('1234 AB');
    await visitor.locator('[name$="-city"]').fill('Meerstad');
    await visitor.getByRole('button', { name: words.send }).click();
    await expect(visitor).toHaveURL(/thanks/);
    if (script) await isSound(visitor, `thanks in ${lang}`);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  }
  await page.goto(page.url().replace('/share', '/answers'));
  await expect(page.getByRole('table')).toContainText('Kim Berg');
  await isSound(page, 'the answers');
  await page.locator('tbody a').first().click();
  await isSound(page, 'one answer');
  await page.goto('/forms/held');
  await isSound(page, 'what is held');
  expect(said).toEqual([]);
});

test('a page is made with the keyboard alone, and read', async ({ page }) => {
  test.setTimeout(180_000);
  page.setDefaultTimeout(15_000);
  const said = complaints(page);
  await signIn(page, 'lisa.jonker');
  await page.goto('/forms/new');
  await press(page, /Neem dit recept.*Pagina voor een open dag/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pagina voor een open dag');
  await page.getByLabel('Titel').fill('Kom kijken');
  // The list of blocks opens after the last one, and a form is put there.
  const last = page.locator('form details.menu summary').last();
  await last.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Formulier', exact: true }).last().focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Welk formulier').selectOption({ index: 1 });
  await press(page, 'Bewaar');
  await expect(page.getByText('Bewaard.')).toBeVisible();
  await isSound(page, 'the editor of a page');
  await press(page, 'Controleer en publiceer');
  await expect(page.getByText('Gepubliceerd.')).toBeVisible();
  const path = new URL((await page.locator('p.small a[href^="/p/"]').textContent()) ?? '').pathname;
  for (const lang of ['nl', 'en']) {
    await page.goto(`${path}?lang=${lang}`);
    await isSound(page, `the page in ${lang}`);
  }
  await page.goto(`${path}?lang=nl`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kom kijken');
  await expect(page.getByRole('region', { name: 'Kom naar de open dag' })).toBeVisible();
  await page.goto('/forms/look');
  await isSound(page, 'colour and logo');
  await page.goto('/f/nergens');
  await isSound(page, 'nothing here');
  expect(said).toEqual([]);
});
