// Uses GraphiQL as a person would: opens it, runs the first example, reads the documentation, runs the live example,
// types a token, and queries and subscribes as the token's owner.
//   node graphiql.js url chromium token [folder for screenshots]
// Prints what it sees as lines of JSON.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, executablePath, token, folder] = process.argv.slice(2);
const report = (what) => console.log(JSON.stringify(what));
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'graphiql-')), { executablePath, headless: true, args, viewport: { width: 1440, height: 900 } });
await context.grantPermissions(['clipboard-read', 'clipboard-write']);
const page = await context.newPage();
const complaints = [];
page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
page.on('pageerror', (error) => complaints.push(String(error)));
page.setDefaultTimeout(30_000);

const shot = (name) => folder && page.screenshot({ path: join(folder, `${name}.png`) });
const answer = () => page.evaluate(() => globalThis.document.querySelector('.graphiql-response').innerText.replaceAll('\u00a0', ' '));
const run = () => page.locator('.graphiql-execute-button').click();
const answered = (text) => page.locator('.graphiql-response').filter({ hasText: text }).first().waitFor().catch(async (error) => {
  report({ instead: await answer(), complaints });
  await shot('failed');
  throw error;
});
const showing = (text) => page.locator('.graphiql-query-editor .view-lines').filter({ hasText: text }).first().waitFor();

/** Replaces the text of an editor as a person would: click, select all, paste. */
async function type(editor, text) {
  await page.locator(`${editor} .monaco-editor:visible .view-lines`).first().click();
  await page.keyboard.press('Control+A');
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('Control+V');
}

const response = await page.goto(url);
report({ status: response.status(), policy: (await response.allHeaders())['content-security-policy'] });
await page.locator('.graphiql-query-editor .view-line').first().waitFor();
report({ tabs: await page.locator('.graphiql-tab-button').allInnerTexts() });
await shot('1-opened');

await run();
await answered('sliceCombinations');
report({ market: (await answer()).includes('pricePerHour') });
await shot('2-market');

await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
await page.locator('.graphiql-doc-explorer').getByText('Subscription', { exact: true }).first().waitFor();
await shot('3-documentation');
await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();

await page.locator('.graphiql-tab-button').nth(3).click();
await showing('subscription'); // The editor's text changes after the tab.
await run();
await answered('SliceCombinationsSnapshot');
report({ live: true });
await shot('4-subscription');
await run(); // Stops the subscription.
await page.locator('.graphiql-execute-button[aria-label^="Execute"]').waitFor();

await page.locator('.graphiql-tab-button').nth(2).click();
await showing('rentalQuote');
await page.getByRole('button', { name: 'Headers' }).click();
await type('.graphiql-editor-tool', JSON.stringify({ Authorization: `Bearer ${token}` }));
await type('.graphiql-query-editor', '{ me { email roles } }');
await page.locator('.graphiql-tab-button').nth(2).filter({ hasText: '<untitled>' }).waitFor(); // The text has been parsed: if it contained two operations, the button would ask which one to run.
await run();
await answered('email');
report({ signedIn: (await answer()).includes('@') });
await shot('5-signed-in');

await type('.graphiql-query-editor', 'subscription { onRentalChanged { __typename } }');
await showing('onRentalChanged');
await run();
await answered('RentalsSnapshot');
report({ liveSignedIn: true });
await shot('6-signed-in-subscription');

report({ complaints });
await context.close();
