// The playground in a real browser: what a person does with it, what it says, and that nothing leaves it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const playground = join(import.meta.dirname, '../../bindings-wasm/playground');
const { serve } = await import(pathToFileURL(join(playground, 'serve.mjs')));
const { chromium } = createRequire(join(playground, 'package.json'))('playwright-core');

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
const skip = executablePath ? false : 'there is no Chromium here: install it, or name one in CHROMIUM';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SHOTS = join(import.meta.dirname, '../../target/playground');

let browser;
let server;
let address;

before(async () => {
  if (skip) return;
  server = await serve(0);
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** A fresh page. What it asks of the network, and what goes wrong in it, is written down. */
async function opened({ url = address, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 950 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked = [];
  const wrong = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  return { context, page, asked, wrong };
}

/** Types a text over everything that the editor holds. */
async function type(page, text) {
  await page.click('.cm-content');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

const textOf = (page) => page.evaluate(() => [...document.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'));
const findings = (page) => page.locator('#findings > li');
const summary = (page, expected) => page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector('#summary').textContent), expected.source);

const WRONG = `{
  "model": "mistral-medium-2505",
  "messages": [
    {"role": "user", "content": "What is the weather in Arles?"},
    {"role": "assistant", "tool_calls": [
      {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    ]},
    {"role": "tool", "tool_call_id": "call_1", "content": "windy"}
  ]
}`;

test('two findings stand at their lines, are repaired where they stand, and are gone', { skip }, async () => {
  const { page, context, wrong } = await opened();
  await type(page, WRONG);
  await summary(page, /would be refused\. 2 errors/);
  assert.deepEqual(await findings(page).locator('.rule').allTextContents(), ['retired_model', 'tool_call_id']);
  assert.deepEqual(await findings(page).locator('.place').allTextContents(), ['line 2', 'line 6']);
  assert.deepEqual(await page.locator('.cm-lintRange-error').allTextContents(), ['"mistral-medium-2505"', '"call_1"']);
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, 'findings-light.png') });

  await findings(page).nth(1).getByRole('button', { name: 'Repair tool call ids' }).click();
  await summary(page, /1 error\./);
  await findings(page).first().getByRole('button', { name: /^Use / }).click();
  await summary(page, /This can be sent/);
  assert.equal(await findings(page).count(), 0);
  // Only what was wrong has changed: the rest of the text keeps its form.
  const mended = await textOf(page);
  const ids = [...mended.matchAll(/"(?:id|tool_call_id)": "([0-9A-Za-z]{9})"/g)].map(([, id]) => id);
  assert.equal(ids.length, 2);
  assert.equal(new Set(ids).size, 1);
  assert.equal(mended.replaceAll(ids[0], 'call_1').replace(/"model": "[^"]+"/, '"model": "mistral-medium-2505"'), WRONG);
  await page.locator('.cm-content').press('Control+z');
  await summary(page, /1 error\./);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('the model, the estimate and the request are shown', { skip }, async () => {
  const { page, context } = await opened();
  await page.selectOption('#examples', { label: 'A chat' });
  await summary(page, /This can be sent/);
  const model = await page.textContent('#model');
  assert.match(model, /Contextd*[\d,]+ tokens/);
  assert.match(model, /Per million tokens\$[\d.]+ in/);
  assert.match(await page.textContent('#estimate'), /Prompt\d+ to \d+ tokens.*Cost\$[\d.]+ to \$[\d.]+/);
  const panels = page.locator('#requests > details');
  assert.ok((await panels.count()) >= 11);
  const first = panels.first();
  assert.match(await first.locator('.http').textContent(), /^POST https:\/\/\S+\naccept: application\/json/);
  const curl = await first.locator('.curl').textContent();
  assert.match(curl, /^curl --request POST '\S+' \\\n {2}--header "authorization: Bearer \$[A-Z_]+"/);
  // A provider whose protocol is not spoken says so, and does not look as if it were.
  for (let at = 1; at < (await panels.count()); at++) assert.notEqual((await panels.nth(at).textContent()).trim(), '');
  await context.close();
});

test('every example says something, and broken text is told at its place', { skip }, async () => {
  const { page, context, wrong } = await opened();
  const titles = await page.locator('#examples option').allTextContents();
  assert.ok(titles.length > 4);
  const expected = { 'A chat': /can be sent/, 'A retired model and a wrong tool id': /2 errors/, 'Fields of another dialect': /3 errors/, 'An answer as JSON': /can be sent/, 'Code to fill in': /can be sent/ };
  for (const title of titles.slice(1)) {
    await page.selectOption('#examples', { label: title });
    await summary(page, expected[title]);
  }
  await type(page, '{\n  "model": "x",\n  "messages": [}\n}');
  await summary(page, /This is not JSON/);
  assert.equal(await findings(page).locator('.place').textContent(), 'line 3');
  await type(page, '');
  await page.keyboard.press('Delete');
  await summary(page, /This is not JSON/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a link keeps the request in its fragment', { skip }, async () => {
  const { page, context } = await opened({ permissions: [] });
  const text = '{\n  "model": "mistral-medium-2505",\n  "messages": [{"role": "user", "content": "Grüße, 🌬"}]\n}';
  await type(page, text);
  await summary(page, /1 error/);
  await page.click('#share');
  await page.waitForFunction(() => location.hash.length > 3);
  const link = page.url();
  assert.ok(link.startsWith(`${address}#r=`));
  const other = await opened({ url: link });
  assert.equal(await textOf(other.page), text);
  assert.ok(other.asked.every((url) => !url.includes('mistral')), 'a fragment is not sent');
  await other.context.close();
  const broken = await opened({ url: `${address}#r=AAAA` });
  await summary(broken.page, /can be sent/);
  await broken.context.close();
  await context.close();
});

test('it works from a folder, without a network, and asks nothing of anybody', { skip }, async () => {
  const { page, context, asked, wrong } = await opened({ url: pathToFileURL(join(playground, 'dist/index.html')).href, offline: true });
  await type(page, WRONG);
  await summary(page, /2 errors/);
  assert.equal(asked.length, 1, String(asked));
  assert.deepEqual(wrong, []);
  // Whatever gets into the page cannot get anything out of it.
  const refused = await page.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name));
  assert.equal(refused, 'TypeError');
  assert.match(wrong.join(), /Content Security Policy/);
  await context.close();
});

test('a request cannot become markup', { skip }, async () => {
  const { page, context, wrong } = await opened();
  await type(page, '{"model": "<img src=x onerror=alert(1)>", "messages": [], "</script><b>": 1}');
  await summary(page, /would be refused/);
  assert.equal(await page.locator('main img, main b').count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('it can be used with the keyboard alone, and heard', { skip }, async () => {
  const { page, context } = await opened();
  await type(page, WRONG);
  await summary(page, /2 errors/);
  assert.equal(await page.getAttribute('#summary', 'role'), 'status');
  assert.equal(await page.getByRole('textbox', { name: 'Request, as JSON' }).count(), 1);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('F8');
  assert.equal(await page.evaluate(() => getSelection().toString()), '"mistral-medium-2505"');
  // Tab is not caught by the editor.
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^line \d|Use |Repair |^$/);
  for (let at = 0; at < 10 && !(await page.evaluate(() => document.activeElement.classList.contains('offer'))); at++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await summary(page, /1 error\./);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, select, input')].filter((control) => !(control.textContent.trim() || control.labels?.length || control.ariaLabel)).length);
  assert.equal(nameless, 0);
  await context.close();
});

test('it is light or dark as the machine is, and as one chooses', { skip }, async () => {
  const { page, context } = await opened({ colorScheme: 'dark' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.selectOption('#examples', { label: 'A retired model and a wrong tool id' });
  await summary(page, /2 errors/);
  await page.screenshot({ path: join(SHOTS, 'findings-dark.png') });
  await page.click('#theme');
  const light = await ground();
  assert.notEqual(dark, light);
  await page.emulateMedia({ colorScheme: 'light' });
  assert.equal(await ground(), light);
  await page.click('#theme');
  assert.equal(await ground(), dark);
  for (const width of [1400, 420]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out at ${width} px`);
  }
  await context.close();
});

test('a long conversation is judged while one types', { skip }, async () => {
  const { page, context } = await opened();
  const messages = Array.from({ length: 201 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: `turn ${at} `.repeat(40) }));
  await type(page, JSON.stringify({ model: 'mistral-small-2603', messages, top_q: 1 }, null, 2));
  await summary(page, /1 error/);
  assert.equal(await findings(page).locator('.rule').textContent(), 'unknown_field');
  await context.close();
});
