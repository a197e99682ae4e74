import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'meerland-demo-2026';

export async function signIn(page: Page, who: string) {
  await page.goto('/sign-in');
  await page.fill('[name=email]', `${who}@meerland.example`);
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main button[type=submit]').first().click();
  await expect(page.locator('.rail')).toBeVisible();
}

/** The page in this language, by the person's own choice. */
export async function speak(page: Page, lang: 'nl' | 'en') {
  if ((await page.locator('html').getAttribute('lang')) === lang) return;
  const back = new URL(page.url()).pathname;
  await page.evaluate(
    ([lang, back]) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/language';
      for (const [name, value] of [['lang', lang], ['back', back]]) {
        const input = document.createElement('input');
        input.name = name!;
        input.value = value!;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    },
    [lang, back] as const,
  );
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
}

/** No finding of axe, no word of the console's, no sideways scroll. */
export async function isSound(page: Page, where: string) {
  await page.waitForLoadState('load');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${where} scrolls sideways`).toBeLessThanOrEqual(0);
  // A letter stands in a frame that runs no script, axe's neither: it is looked at by itself (`isSoundMail`).
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await new AxeBuilder({ page }).setLegacyMode(true).options({ iframes: false }).withTags(rules).analyze();
  const said = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
  expect(said, where).toEqual([]);
}

/** A mail as its reader gets it, on a page of its own: no finding of axe there either. */
export async function isSoundMail(page: Page, preview: string) {
  const html = await (await page.request.get(preview)).text();
  const alone = await page.context().newPage();
  await alone.setContent(html);
  await isSound(alone, preview);
  await alone.close();
}

/** Everything the browser complains about. */
export function complaints(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    // Playwright looks into the frame of a letter, which runs no script.
    const known = ['the server responded with a status of 4', 'Blocked script execution'];
    if (message.type() === 'error' && !known.some((words) => message.text().includes(words))) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return said;
}
