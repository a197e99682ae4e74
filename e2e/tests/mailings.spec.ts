// A campaign and a mailing are made with the keyboard alone: a reason, a budget, a text, colleagues who get it first, and the
// press that sends it. What a screen reader hears of the figures is held still.
import { expect, test } from '@playwright/test';
import { complaints, isSound, isSoundMail, signIn, speak } from './house';

test('a mailing is made and sent with the keyboard alone', async ({ page }) => {
  test.setTimeout(60_000);
  page.setDefaultTimeout(10_000);
  const said = complaints(page);
  await signIn(page, 'marit.de.boer');
  await page.goto('/campaigns');
  await isSound(page, 'the campaigns');
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nieuwe campagne');
  await isSound(page, 'a new campaign');

  // Nothing is kept without a reason and a budget, and what was typed stays.
  await page.getByLabel('Naam').fill('Rooster vragen');
  await page.getByRole('button', { name: 'Bewaar' }).press('Enter');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page.getByLabel('Naam')).toHaveValue('Rooster vragen');
  await isSound(page, 'a campaign with faults');
  await page.getByLabel('Waarom deze campagne?').fill('Wie zijn rooster niet vindt, belt op maandag.');
  await page.getByLabel('Afdeling').selectOption({ index: 1 });
  await page.getByLabel('Waarvoor zijn de berichten?').selectOption('service');
  await page.getByLabel('Euro’s', { exact: true }).fill('100');
  await page.getByLabel('Uren van collega’s').fill('4,5');
  await page.getByLabel(/Gebeurtenis/).selectOption('question.asked');
  await page.getByRole('button', { name: 'Bewaar' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Rooster vragen');
  await isSound(page, 'a campaign');

  await page.getByLabel('Naam van de mailing').fill('Waar je rooster staat');
  await page.getByLabel('Naam van de mailing').press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Waar je rooster staat');
  await expect(page.getByText('Kies een segment: voor wie is deze mail?')).toBeVisible();
  await isSound(page, 'a mailing at its start');

  await page.getByRole('link', { name: 'Bewerk de tekst' }).press('Enter');
  await page.getByLabel('Onderwerp').first().fill('Waar je rooster staat');
  await page.locator('summary', { hasText: 'Voeg een blok toe' }).last().press('Enter');
  await page.locator('button[value="add-0-text"]').press('Enter');
  await page.locator('textarea[name="b-0-text"]').fill('Dag {{ first_name }}, je rooster staat op de roosterpagina.');
  await page.getByRole('button', { name: 'Bewaar' }).press('Enter');
  await expect(page.getByText('De tekst is bewaard.')).toBeVisible();
  await isSound(page, 'the text of a mailing');
  await page.getByRole('link', { name: 'Terug naar de mailing' }).press('Enter');

  await page.getByLabel('Segment').selectOption({ label: 'Studenten die deze maand iets vroegen' });
  await page.getByLabel('Waarover gaat het?').selectOption({ index: 1 });
  await page.getByLabel('Verspreid over').selectOption('0');
  await page.getByRole('button', { name: 'Bewaar' }).first().press('Enter');
  await expect(page.getByText('De mailing is bewaard.')).toBeVisible();
  await page.getByRole('button', { name: 'Verstuur' }).press('Enter');
  await expect(page.getByText(/Klaar: \d+ mensen|onderweg of aangekomen|Begint/)).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/Klaar: \d+ mensen/)).toBeVisible();
  }).toPass({ timeout: 30_000 });
  await isSound(page, 'a mailing that went');
  await isSoundMail(page, `${page.url()}/0/preview`);
  await expect(page.locator('.stats').first()).toMatchAriaSnapshot(`
    - heading "Kregen het" [level=3]
    - paragraph
    - paragraph: /onderweg, \\d+ niet verstuurd/
    - heading "Deden waarvoor het was" [level=3]
  `);
  await speak(page, 'en');
  await expect(page.getByText('Got it')).toBeVisible();
  await isSound(page, 'the same in English');
  await speak(page, 'nl');
  expect(said).toEqual([]);
});
