// A segment is made as one makes it: the count follows while one chooses, without a button; and with script off the
// buttons do the same.
import { expect, test } from '@playwright/test';
// Hanneke of other tests has chosen a language; whom nobody asked reads Dutch.
import { complaints, isSound, signIn } from './house';

test('a sentence counts while it is being made', async ({ page }) => {
  const said = complaints(page);
  await signIn(page, 'marit.de.boer');
  await page.goto('/segments/new');
  const total = page.locator('.total');
  const everybody = await total.textContent();
  await page.getByRole('button', { name: 'Voorwaarde' }).first().click();
  await expect(page.getByLabel('Waarnaar gevraagd wordt')).toBeVisible();
  await page.locator('details.values > summary').first().click();
  await page.getByLabel('prospect', { exact: true }).check();
  await expect(total).not.toHaveText(everybody ?? '');
  await expect(page.locator('[data-live="shift"]')).toContainText('Mensen die');
  // Another fact brings other fields, at once.
  await page.getByLabel('Waarnaar gevraagd wordt').selectOption('asked');
  await expect(page.locator('[name="r.0.days"]')).toBeVisible();
  await isSound(page, 'the builder with a condition');
  await page.locator('[name="r.0.days"]').fill('400');
  await expect(page.locator('[data-live="shift"]')).toContainText('400 dagen');
  await page.getByLabel('Naam').fill('Gemaakt in de browser');
  await page.getByRole('button', { name: 'Bewaren' }).click();
  await expect(page.getByRole('heading', { name: 'Gemaakt in de browser' })).toBeVisible();
  await isSound(page, 'a segment');
  expect(said).toEqual([]);
});

test('a sentence is made without script', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, 'marit.de.boer');
  await page.goto('/segments/new');
  await page.getByRole('button', { name: 'Voorwaarde' }).first().click();
  await page.getByLabel('Waarnaar gevraagd wordt').selectOption('mail');
  await page.getByRole('button', { name: 'Bijwerken' }).last().click();
  await expect(page.locator('[data-live="shift"]')).toContainText('mailadres dat werkt');
  await context.close();
});
