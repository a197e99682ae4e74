// A journey is made with the keyboard alone: a recipe is taken, a step is added, set, moved and undone, the text of a mail is
// written, and it is published. What a screen reader hears of the list of steps is held still.
import { expect, test } from '@playwright/test';
import { complaints, isSound, signIn } from './house';

test('a journey is made with the keyboard alone', async ({ page }) => {
  test.setTimeout(120_000);
  const said = complaints(page);
  await signIn(page, 'marit.de.boer');
  await page.goto('/journeys/new');
  await isSound(page, 'the gallery');
  const recipe = page.locator('.recipes .card', { hasText: 'Na de open dag' }).getByRole('button');
  await recipe.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Na de open dag');
  await isSound(page, 'the editor at its start');

  // A wait after the start: the list opens, the kind is chosen, and its settings stand beside it.
  const add = page.locator('.steps > li').first().locator('summary');
  await add.focus();
  await page.keyboard.press('Enter');
  const kind = page.getByRole('button', { name: 'Wachten' }).first();
  await kind.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2 })).toContainText('Wacht 3 dagen');
  await page.getByLabel('Hoe lang hoogstens').fill('5');
  await page.getByRole('button', { name: 'Bewaar' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2 })).toContainText('Wacht 5 dagen');
  await isSound(page, 'the editor at a wait');
  await page.getByRole('button', { name: 'Omlaag' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.steps > li').nth(2)).toContainText('Wacht 5 dagen');
  await expect(page.locator('.steps a.step[aria-current]')).toContainText('Wacht 5 dagen');
  await page.getByRole('button', { name: 'Stap terug' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.steps > li').nth(1)).toContainText('Wacht 5 dagen');

  await expect(page.getByRole('region', { name: 'Stappen' })).toMatchAriaSnapshot(`
    - region "Stappen":
      - list:
        - listitem:
          - link /1 Een collega begint hem voor iemand/
        - listitem:
          - link /2 Wacht 5 dagen/
        - listitem:
          - link /3 Wacht tot een werkdag/
        - listitem:
          - link /4 Mail “Goed dat je er was/
  `);

  // The text of the mail, with the keyboard, and a language more.
  const mail = page.locator('.steps a.step', { hasText: 'Mail “Goed dat je er was' }).first();
  await mail.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Bewerk de tekst' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Onderwerp').first().fill('Goed dat je er was');
  await page.getByRole('button', { name: 'Bewaar' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[name=subject]')).toHaveValue('Goed dat je er was');
  await expect(page.getByRole('navigation', { name: 'Talen' })).toContainText('ouder');

  await page.goto(page.url().replace(/\/steps\/.*/, ''));
  await page.getByRole('button', { name: 'Controleer en publiceer' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Dit is wat er loopt').or(page.getByText('Gepubliceerd.'))).toBeVisible();
  await isSound(page, 'the editor of what is live');
  expect(said).toEqual([]);
});

test('a journey is tried with a moving clock', async ({ page }) => {
  const said = complaints(page);
  await signIn(page, 'marit.de.boer');
  await page.goto('/journeys/1/try');
  await page.getByRole('button', { name: 'Laat de klok lopen' }).click();
  await expect(page.locator('.moments')).toContainText('Welkom bij');
  await page.goto('/journeys/1/many?answer=20&over=30&task=10&call=8');
  await expect(page.getByRole('heading', { name: 'Mails per maand' })).toBeVisible();
  await isSound(page, 'ten thousand');
  expect(said).toEqual([]);
});
