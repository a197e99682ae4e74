import { chromium } from 'playwright-core';
const [,, base, out, ...paths] = process.argv;
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-background-networking'] });
const opts = { viewport: process.env.PHONE ? { width: 390, height: 844 } : { width: 1440, height: 900 }, colorScheme: process.env.DARK ? 'dark' : 'light', locale: process.env.LANG_ || 'nl-NL' };
const c = await b.newContext(opts);
const p = await c.newPage();
p.on('console', m => { if (m.type() === 'error') console.log('console:', m.text()); });
await p.goto(base + '/sign-in');
if (process.env.USER_) { await p.fill('[name=email]', process.env.USER_); await p.fill('[name=password]', 'meerland-demo-2026'); await p.click('main button[type=submit], main button'); await p.waitForLoadState(); }
let i = 0;
for (const path of paths) { await p.goto(base + path); await p.waitForTimeout(500); await p.screenshot({ path: `${out}-${i++}.png`, fullPage: !!process.env.FULL }); console.log(path, p.url(), await p.title()); }
await b.close();
