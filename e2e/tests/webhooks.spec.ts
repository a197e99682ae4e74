// Another system is connected: a key, a webhook, its secret, and a test message that cannot arrive, with the reason.
import { expect, test } from '@playwright/test';
import { complaints, isSound, signIn, speak } from './house';

for (const lang of ['nl', 'en'] as const) {
  test(`another system is told, in ${lang}`, async ({ page }) => {
    const said = complaints(page);
    await signIn(page, 'hanneke.vos');
    await speak(page, lang);
    await page.goto('/keys/new');
    await page.fill('[name=name]', 'Newsletter');
    await page.selectOption('[name=unit]', { index: 1 });
    await page.check('[name=scope][value="people.read"]');
    await page.locator('main form button[type=submit]').click();
    await expect(page.locator('#secret')).toBeVisible();
    await page.goto('/webhooks/new');
    await page.locator('main form button.main').click();
    await expect(page.locator('#faults')).toBeVisible();
    await isSound(page, 'the form with what is missing');
    await page.fill('[name=name]', 'Newsletter');
    await page.fill('[name=url]', 'https://newsletter.meerland.example/hook');
    await page.selectOption('[name=key]', { index: 1 });
    await page.check('[name=kind][value="person.changed"]');
    await page.locator('main form button.main').click();
    await expect(page.locator('#secret')).toHaveValue(/^whsec_/);
    await isSound(page, 'the secret');
    await page.locator('main a.main').click();
    await isSound(page, 'a webhook');
    await page.locator('form[action$="/try"] button').click();
    await expect(page).toHaveURL(/messages/);
    // There is no such system: what went wrong stands there a moment later.
    await expect(async () => {
      await page.reload();
      await expect(page.locator('main tbody tr')).toHaveCount(1);
    }).toPass({ timeout: 60_000 });
    await isSound(page, 'a message');
    await page.locator('main p.small a').first().click();
    await page.locator('a[href$="/edit"]').click();
    await isSound(page, 'a webhook being changed');
    await page.goBack();
    await page.locator('a[href$="/remove"]').click();
    await isSound(page, 'removing a webhook');
    await page.locator('main form button').click();
    await expect(page).toHaveURL(/\/webhooks(\?|$)/);
    expect(said).toEqual([]);
  });
}
