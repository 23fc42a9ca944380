import { expect, test } from '@playwright/test';

test('opens below any path, with nothing refused by its policy and nothing asked of another host', async ({
  page,
  baseURL,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${baseURL}`)) problems.push(request.url());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  await page.goto('./');
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  await expect(page).toHaveTitle(/Hookline/);
  expect(problems).toEqual([]);
});

test('carries the content security policy before anything that it governs', async ({ page }) => {
  await page.goto('./');
  const first = page.locator('head > :first-child');
  await expect(first).toHaveAttribute('http-equiv', 'Content-Security-Policy');
  await expect(first).toHaveAttribute('content', /^default-src 'none'; script-src 'self'; /);
  await expect(first).not.toHaveAttribute('content', /unsafe-eval/);
  // In a task of its own: what the debugger itself evaluates is not bound by the policy.
  const made = await page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(Object.getPrototypeOf(() => {}).constructor('return "made"')());
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
  );
  expect(made).toBe('EvalError');
});
