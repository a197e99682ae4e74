// The ring turns once, in a real browser: a visitor on a phone, a colleague at a desk, and back.
import { expect, test } from '@playwright/test';
import { signIn } from './house';

test('from a question to a promise kept', async ({ browser, page }, info) => {
  test.setTimeout(150_000);
  const mark = `${info.project.name}${Date.now()}`;
  const address = `lotte.${mark}@mail.example.com`;
  const question = `Wanneer begint de introductie ${mark}?`;

  // The desk is open before the question comes.
  const desk = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(desk, 'fleur.smit');
  await desk.goto('/desk');

  // Contact, on this project's screen, without login or cookie.
  await page.goto('/contact?lang=nl');
  await page.selectOption('[name=topic]', { label: 'Rooster' });
  await page.fill('[name=text]', `${question} Ik wil graag vrij vragen.`);
  await page.fill('[name=name]', 'Lotte Brink');
  await page.fill('[name=email]', address);
  await page.locator('main button.main').click();
  await expect(page.getByRole('heading', { name: 'Je vraag is binnen' })).toBeVisible();
  expect(await page.context().cookies()).toEqual([]);

  // Served: it appears by itself.
  const item = desk.locator('.item', { hasText: mark });
  await expect(item).toBeVisible({ timeout: 15_000 });
  await item.click();
  await desk.fill('#reply textarea', 'De introductie begint op maandag om negen uur.');
  await desk.getByRole('button', { name: 'Verstuur en rond af' }).click();
  await expect(desk.locator('.toast')).toContainText('8 seconden');

  // Measured: the invitation comes by mail; one click to the right form.
  await expect(async () => {
    await page.goto('/drawer');
    const mine = page.locator('li', { hasText: address }).filter({ hasText: 'Hoe hielpen we je?' });
    expect(await mine.count()).toBe(1);
  }).toPass({ timeout: 90_000, intervals: [2_000] });
  await page.locator('li', { hasText: address }).filter({ hasText: 'Hoe hielpen we je?' }).getByRole('link').click();
  await page.frameLocator('iframe.mail').getByRole('link', { name: /goed/ }).first().click();
  await expect(page).toHaveURL(/\/s\//);
  await expect(page.locator('input[value="4"]').first()).toBeChecked();
  await page.locator('textarea').fill('Snel en duidelijk.');
  await page.locator('label.tick').click();
  await page.locator('main button.main').click();
  await expect(page.getByRole('heading', { name: 'Dank je wel' })).toBeVisible();

  // Kept.
  await desk.goto('/feedback');
  const promise = desk.locator('article.card', { hasText: 'Lotte Brink' }).filter({ hasText: 'Snel en duidelijk.' }).first();
  await expect(promise).toContainText('Fleur Smit');
  await promise.getByRole('button', { name: 'Gesproken' }).click();
  await expect(desk.locator('.toast')).toContainText('Afgerond');

  // Seen.
  await desk.goto(`/search?q=${encodeURIComponent(address)}`);
  await desk.locator('main').getByRole('link', { name: 'Lotte Brink' }).first().click();
  for (const told of ['Vraag gesteld', 'Antwoord gestuurd', 'Vraag afgerond', 'Gevraagd hoe het ging', 'Zei hoe het ging', 'Beloofd contact: gesproken']) {
    await expect(desk.locator('.months', { hasText: told })).toBeVisible();
  }
});

test('by keyboard alone', async ({ page }, info) => {
  test.skip(info.project.name === 'phone', 'a phone has no keyboard');
  await signIn(page, 'fleur.smit');
  await page.goto('/desk');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.locator('.talk h1')).toBeVisible();
  const first = await page.locator('.item[aria-current]').getAttribute('href');

  // The answer, sent and taken back: the text is there again.
  await page.keyboard.press('r');
  const answer = page.locator('#reply textarea');
  await expect(answer).toBeFocused();
  await page.keyboard.type('Dat zoek ik voor je uit.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Verstuur', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.toast button')).toBeVisible();
  await expect(page.locator('.turn.ours')).toContainText('Dat zoek ik voor je uit.');
  await page.keyboard.press('z');
  await expect(answer).toHaveValue('Dat zoek ik voor je uit.');
  await expect(page.locator('.turn.ours')).toHaveCount(0);

  // On to the next, and back.
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.locator('.item[aria-current]')).not.toHaveAttribute('href', first!);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page.locator('.item[aria-current]')).toHaveAttribute('href', first!);

  await page.keyboard.press('/');
  await expect(page.locator('#q')).toBeFocused();
  await page.keyboard.type('vries');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=vries/);
  await page.keyboard.press('?');
  await expect(page.locator('#keys')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('without script the whole walk still works', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.fill('[name=email]', 'omar.haddad@meerland.example');
  await page.fill('[name=password]', 'meerland-demo-2026');
  await page.locator('main button[type=submit]').first().click();
  await page.goto('/desk');
  await page.locator('.item').first().click();
  await expect(page.locator('.talk h1')).toBeVisible();
  await page.goto('/people?q=vries');
  await expect(page.locator('tbody tr').first()).toBeVisible();
});

test('the picture for the README', async ({ page }, info) => {
  test.skip(info.project.name !== 'desktop', 'one picture is enough');
  await signIn(page, 'marit.de.boer');
  await page.goto('/');
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: '../docs/start.png', animations: 'disabled' });
});
