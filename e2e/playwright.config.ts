import { defineConfig, devices } from '@playwright/test';

// The server as the tests built it (or another one in KRING_BIN) with the demo institution, and the distribution's Chromium. The
// house believes that it is Tuesday morning: letters keep quiet hours, and a test must not depend on the hour.
// A server and data of its own for each that runs: what one person does, the other would see.
const port = Number(process.env['KRING_E2E_PORT'] ?? 8911);
const data = `../target/e2e-${port}`;
const kring = process.env['KRING_BIN'] ?? '../target/debug/kring';
const clock = '2026-11-24T10:00:00+01:00';
const chromium = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] };

export default defineConfig({
  testDir: 'tests',
  outputDir: `${data}-results`,
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: [['list']],
  // A test that opens fifty pages and holds each against axe takes more than a minute on two idle cores.
  timeout: 360_000,
  use: { baseURL: `http://127.0.0.1:${port}`, locale: 'nl-NL', trace: 'retain-on-failure' },
  webServer: {
    command: `rm -rf ${data} && ${kring} demo --data ${data} --port ${port} --clock ${clock}`,
    url: `http://127.0.0.1:${port}/ready`,
    timeout: 240_000,
    reuseExistingServer: false,
    stderr: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 }, launchOptions: chromium } },
    { name: 'phone', use: { ...devices['Pixel 7'], launchOptions: chromium } },
  ],
});
