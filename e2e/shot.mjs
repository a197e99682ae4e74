import { chromium } from '@playwright/test';
const [,, base, ...jobs] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const ctx = await browser.newContext({ viewport: { width: 1360, height: 900 } });
const page = await ctx.newPage();
page.on('console', m => m.type()==='error' && console.log('console', m.text()));
page.on('pageerror', e => console.log('pageerror', e.message));
await page.goto(base + '/sign-in');
await page.fill('[name=email]', 'hanneke.vos@meerland.example');
await page.fill('[name=password]', 'meerland-demo-2026');
await page.locator('main button[type=submit]').first().click();
await page.waitForSelector('.rail');
for (const job of jobs) {
  const [path, name, size, scheme] = job.split('|');
  const [w,h] = (size || '1360x900').split('x').map(Number);
  await page.setViewportSize({ width: w, height: h });
  await page.emulateMedia({ colorScheme: scheme || 'light' });
  const t = Date.now();
  await page.goto(base + path);
  await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
  console.log(name, Date.now() - t);
}
await browser.close();
